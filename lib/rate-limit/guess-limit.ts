import { GraphQLError } from 'graphql';
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';

export interface GuessLimitOptions {
  /** Wrong guesses that one key has within `seconds`. */
  readonly guesses: number;
  readonly seconds: number;
}

/**
 * Keeps secrets that can be tried, such as invite codes, from being tried at will. Who knows one is never
 * counted.
 */
export interface GuessLimit {
  /**
   * Does what may turn out to be a wrong guess of `key`, e.g. a player or an address. Throws `RateLimited` when
   * it has none left, with nothing done. Each attempt is counted before it is made and given back when it was
   * right, so that many at once are no way around.
   */
  attempt<Result>(
    key: string,
    work: () => Promise<Result>,
    isWrong: (result: Result) => boolean,
  ): Promise<Result>;
}

/** The error RATE_LIMITED. */
export class RateLimited extends GraphQLError {
  /** Whole seconds until the key may guess again, at least 1. */
  readonly retryAfter: number;

  constructor(retryAfter: number) {
    super(`Too many wrong guesses: try again in ${retryAfter} s`, { extensions: { code: 'RATE_LIMITED' } });
    this.retryAfter = retryAfter;
  }
}

/**
 * Counts in this process's memory: several processes allow as many times the guesses, and a restart forgets.
 * The one place where limits are made; counts that all processes share (rate-limiter-flexible has them on
 * Postgres) come here.
 */
export function createGuessLimit({ guesses, seconds }: GuessLimitOptions): GuessLimit {
  const limiter = new RateLimiterMemory({ points: guesses, duration: seconds });
  return {
    async attempt(key, work, isWrong) {
      await limiter.consume(key).catch((refusal: unknown) => {
        throw refusal instanceof RateLimiterRes
          ? new RateLimited(Math.max(1, Math.ceil(refusal.msBeforeNext / 1000)))
          : refusal;
      });
      const result = await work();
      if (!isWrong(result)) await limiter.reward(key);
      return result;
    },
  };
}
