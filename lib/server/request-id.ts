import { randomUUID } from 'node:crypto';

/** The header in which a request id comes in, goes on to the subgraphs and goes back to the caller. */
export const REQUEST_ID_HEADER = 'x-request-id';

/** Nothing that could break a log line or a header. */
const SANE = /^[\w.:-]{1,128}$/;

/** The caller's own request id where it is a sane one, else a new UUID. */
export function requestIdFrom(given: unknown): string {
  return typeof given === 'string' && SANE.test(given) ? given : randomUUID();
}
