export { readInvitationConfig } from './codes/config.ts';
export { createSubgraph } from './server.ts';
