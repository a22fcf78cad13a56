import { type DestinationStream, type Logger, pino } from 'pino';
import { prettyDestination } from './pretty.ts';
import { scrub } from './scrub.ts';

export type { Logger } from 'pino';

export interface LogOptions {
  /** The process: `gateway`, `party`, ... */
  readonly name: string;
  /** pino's levels: trace, debug, info, warn, error, fatal, silent. */
  readonly level: string;
  /** One readable line an entry, for a terminal, in place of JSON. */
  readonly pretty?: boolean;
  /** Where it goes; stdout unless told. */
  readonly destination?: DestinationStream;
}

/** Where the errors of database drivers have the values that a statement was sent with. */
const VALUES = ['params', 'parameters', 'args', 'detail', 'where'];

/** The one way to make a logger, so that the redactions are in one place. */
export function createLog({ name, level, pretty = false, destination }: LogOptions): Logger {
  const options = {
    name,
    level,
    redact: VALUES.map((name) => `err.${name}`),
  };
  const target = destination ?? pino.destination(1);
  const stacks = level === 'debug' || level === 'trace';
  const written = pretty ? prettyDestination(target, stacks) : target;
  return pino(options, { write: (line) => void written.write(scrub(line)) });
}
