import { isVisitor } from '@fellowship/identity';
import type { RateStore } from '@fellowship/rate-limit';
import type { Sender } from '../identity.ts';

/** Points that senders may spend in `seconds`; see `priceOf`. */
export interface RateLimits {
  readonly seconds: number;
  /** Of one player, on all connections together. */
  readonly player: number;
  /** Of one service: a token with a scope `service:…`. */
  readonly service: number;
  /** Of one address without a valid token (of IPv6: the first 64 bits). */
  readonly address: number;
}

/**
 * A player at play asks a few things a second; 100 a second, or 20 that write, is a program. A house or a school
 * may share an address, but few there are without a token. A game server reports for all its players.
 */
export const DEFAULT_RATE_LIMITS: RateLimits = { seconds: 10, player: 1_000, service: 20_000, address: 300 };

/** How fast senders may send, whatever the transport. */
export interface Rates {
  /** Throws `RateLimited` when the sender has not as many points left. */
  charge(sender: Sender, points: number): Promise<void>;
}

export function createRates(store: RateStore, { seconds, player, service, address }: RateLimits): Rates {
  const name = 'requests';
  const players = store.limiter({ name, points: player, seconds });
  const services = store.limiter({ name: 'requests of this service', points: service, seconds });
  const addresses = store.limiter({ name: 'requests without a token', points: address, seconds });
  return {
    charge({ viewer, address }, points) {
      if (viewer === null || isVisitor(viewer)) return addresses.take(address, points);
      const limiter = viewer.scopes.some((scope) => scope.startsWith('service:')) ? services : players;
      return limiter.take(`${viewer.tenantId} ${viewer.playerId}`, points);
    },
  };
}
