export { createGuessLimit, DEFAULT_GUESSES, type GuessLimit, type GuessLimitOptions } from './guess-limit.ts';
export { RateLimited } from './limited.ts';
export type { Allowance, Limiter, RateStore } from './limiter.ts';
export { memoryRates } from './memory.ts';
export { openRates } from './open.ts';
export { postgresRates, type RateDatabase } from './postgres.ts';
