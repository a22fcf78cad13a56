export {
  type ClientKeys,
  type ClientTokens,
  type ClientTokensOptions,
  createClientTokens,
} from './client-tokens.ts';
export { type DevKeys, loadOrCreateDevKeys } from './dev-keys.ts';
export {
  DEMO_COMMUNITY_ID,
  DEMO_TENANT_ID,
  DEV_AUDIENCE,
  DEV_ISSUER,
  type DevTokenClaims,
  issueDevToken,
  playerIdOf,
  tenantIdOf,
} from './dev-token.ts';
export { InvalidToken } from './invalid-token.ts';
export {
  createIdentityVerifier,
  IDENTITY_HEADER,
  type IdentityVerifier,
  type IdentityVerifierOptions,
  signIdentity,
  subscriptionBody,
} from './subgraph-identity.ts';
export { isVisitor, type Viewer, visitorUntil } from './viewer.ts';
