import { RateLimiterMemory } from 'rate-limiter-flexible';
import { type Allowance, limiterOf, type RateStore } from './limiter.ts';

/** Counts in this process's memory: several processes allow as many times as much, and a restart forgets. */
export function memoryRates(): RateStore {
  return {
    limiter: (allowance) => limiterOf(memoryLimiter(allowance), allowance),
    close: async () => {},
  };
}

export const memoryLimiter = ({ name, points, seconds }: Allowance): RateLimiterMemory =>
  new RateLimiterMemory({ keyPrefix: name, points, duration: seconds });
