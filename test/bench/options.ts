import type { Loader } from './http/load.ts';
import type { Ours } from './ours.ts';

/** What every measurement is given. */
export interface Options {
  /** Of all contenders, one after the other. */
  readonly rounds: number;
  /** Of one run of one contender. */
  readonly seconds: number;
  /** Clients at a time. */
  readonly connections: number;
  /** Whether what grows shall grow to a tenth only. */
  readonly quick: boolean;
  /** The names of who is measured; each measurement knows those that it has. */
  readonly contenders: readonly string[];
  readonly loader: Loader;
  /** The path of Nakama's server, to measure it too. */
  readonly nakama: string | undefined;
  /** For files, removed at the end. */
  readonly directory: string;
  /** A superuser's URL of the PostgreSQL server that all measurements use, each with databases of its own. */
  readonly postgresUrl: string;
  /** The postmaster's. */
  readonly postgresPid: number;
  /** How to start ours: `ours`, or `before`, another checkout. undefined for names that are not ours. */
  ours(contender: string): Ours | undefined;
}
