import type { RateStore } from './limiter.ts';

export interface GuessLimitOptions {
  /** Wrong guesses that one key has within `seconds`. */
  readonly guesses: number;
  readonly seconds: number;
}

/** Far more than anyone mistypes, far less than finds a code of 40 bits or more. */
export const DEFAULT_GUESSES: GuessLimitOptions = { guesses: 60, seconds: 600 };

/**
 * Keeps secrets that can be tried, such as invite codes, from being tried at will. Who knows one is never
 * counted.
 */
export interface GuessLimit {
  /**
   * Does what may turn out to be a wrong guess of `key`, e.g. a player or an address. Throws `RateLimited` when
   * it has none left, with nothing done. Each attempt is counted before it is made and given back when it was
   * right, or fails for reasons of ours, so that many at once are no way around.
   */
  attempt<Result>(
    key: string,
    work: () => Promise<Result>,
    isWrong: (result: Result) => boolean,
  ): Promise<Result>;
}

export function createGuessLimit(rates: RateStore, { guesses, seconds }: GuessLimitOptions): GuessLimit {
  const limiter = rates.limiter({ name: 'wrong guesses', points: guesses, seconds });
  return {
    async attempt(key, work, isWrong) {
      await limiter.take(key);
      let wrong = false;
      try {
        const result = await work();
        wrong = isWrong(result);
        return result;
      } finally {
        if (!wrong) await limiter.giveBack(key);
      }
    },
  };
}
