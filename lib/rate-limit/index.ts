export { createGuessLimit, type GuessLimit, type GuessLimitOptions, RateLimited } from './guess-limit.ts';
