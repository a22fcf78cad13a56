import { type RateLimiterLike, RateLimiterRes } from 'rate-limiter-flexible';
import { RateLimited } from './limited.ts';

/** How much of something one key has. A key's seconds begin with what it first takes, and then it has all again. */
export interface Allowance {
  /** Of what: `requests`. No two allowances of one database have the same. */
  readonly name: string;
  readonly points: number;
  readonly seconds: number;
}

export interface Limiter {
  /** Takes points of a key, e.g. a player or an address. Throws `RateLimited` when it has not as many left. */
  take(key: string, points?: number): Promise<void>;
  /** Gives one point back. */
  giveBack(key: string): Promise<void>;
}

/** Where is counted what keys have taken. */
export interface RateStore {
  limiter(allowance: Allowance): Limiter;
  close(): Promise<void>;
}

/** What a limiter of the library's says, in our words. */
export function limiterOf(limiter: RateLimiterLike, { name }: Allowance): Limiter {
  return {
    async take(key, points = 1) {
      await limiter.consume(key, points).catch((refusal: unknown) => {
        throw refusal instanceof RateLimiterRes
          ? new RateLimited(name, Math.max(1, Math.ceil(refusal.msBeforeNext / 1000)))
          : refusal;
      });
    },
    async giveBack(key) {
      await limiter.reward(key);
    },
  };
}
