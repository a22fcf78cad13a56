import type { Logger } from 'pino';
import type { RateStore } from './limiter.ts';
import { memoryRates } from './memory.ts';
import { postgresRates, type RateDatabase } from './postgres.ts';

/** In the database where there is one, else in memory, which is right for a process that is alone. */
export const openRates = async (database: RateDatabase | undefined, log: Logger): Promise<RateStore> =>
  database ? postgresRates(database, log) : memoryRates();
