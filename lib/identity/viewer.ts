/** Who asks. Made from a verified client token by the gateway, carried to subgraphs as a signed identity. */
export interface Viewer {
  /** The token's `sub`: a player (UUID), or the account of a game server. */
  readonly playerId: string;
  /** The token's `tenant`: one game or product (UUID). Nothing crosses it. */
  readonly tenantId: string;
  /** The token's `communities`: the realms or servers the player belongs to (UUIDs). */
  readonly communities: readonly string[];
  /** The token's `scope`, split: `service:combat`, `service:quest`, ... Empty for players. */
  readonly scopes: readonly string[];
  /** The token's `exp`. Open subscriptions end when it passes. */
  readonly expiresAt: Date;
}

const nobody = '00000000-0000-0000-0000-000000000000';

/**
 * Someone without a token, whom the gateway itself asks for: nobody, of no tenant, so that every table is empty to
 * them. A subgraph may tell them what it tells everyone.
 */
export const visitorUntil = (expiresAt: Date): Viewer => ({
  playerId: nobody,
  tenantId: nobody,
  communities: [],
  scopes: [],
  expiresAt,
});

export const isVisitor = ({ tenantId }: Viewer): boolean => tenantId === nobody;
