import { Unavailable } from '@fellowship/unavailable';
import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import type { Logger } from './log.ts';

/** What a client may be told as it is. Every other error is ours to read, in the log. */
const PUBLIC_CODES: ReadonlySet<unknown> = new Set([
  'UNAUTHENTICATED',
  'FORBIDDEN',
  'BAD_REQUEST',
  'BAD_USER_INPUT',
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'OPERATION_RESOLUTION_FAILURE',
  'PERSISTED_QUERY_NOT_FOUND',
  'PERSISTED_QUERY_NOT_IN_LIST',
  'PERSISTED_QUERY_NOT_SUPPORTED',
  'PAYLOAD_TOO_LARGE',
  'OPERATION_TOO_COMPLEX',
  'RATE_LIMITED',
  'NOT_FOUND',
  'ACCESS_LOST',
  'TOKEN_EXPIRED',
  'GOING_AWAY',
  'SLOW_CONSUMER',
  'CURSOR_INVALID',
  'CURSOR_EXPIRED',
]);

/**
 * What leaves the process of an error: message, code, path and request id, nothing else but `retryAfter` (whole
 * seconds) of RATE_LIMITED. A GraphQLError with one of the public codes keeps its message; anything else (a thrown string, a driver's error with its SQL) reads
 * "Internal server error" and is logged whole under the request id. What is only away is SUBGRAPH_UNAVAILABLE, and a
 * line in the log.
 */
export function maskError(error: unknown, log: Logger, requestId: string): GraphQLFormattedError {
  const path = error instanceof GraphQLError && error.path !== undefined ? { path: error.path } : {};
  const { code, retryAfter } = error instanceof GraphQLError ? extensionsOf(error) : {};
  if (error instanceof GraphQLError && PUBLIC_CODES.has(code)) {
    const wait = code === 'RATE_LIMITED' && Number.isInteger(retryAfter) ? { retryAfter } : {};
    return { message: error.message, ...path, extensions: { code, requestId, ...wait } };
  }
  const cause = error instanceof GraphQLError ? (error.originalError ?? error) : error;
  if (cause instanceof Unavailable) {
    logOnce(cause, log, requestId);
    const message = 'A service is not available: try again';
    return { message, ...path, extensions: { code: 'SUBGRAPH_UNAVAILABLE', requestId } };
  }
  log.error({ err: cause, requestId, ...path }, 'Unexpected error');
  return {
    message: 'Internal server error',
    ...path,
    extensions: { code: 'INTERNAL_SERVER_ERROR', requestId },
  };
}

const logged = new WeakSet<Unavailable>();

/** What a batch was asked for fails everywhere by one and the same error. */
function logOnce(cause: Unavailable, log: Logger, requestId: string): void {
  if (logged.has(cause)) return;
  logged.add(cause);
  log.warn({ reason: cause.message, requestId }, 'Not available');
}

/**
 * What the error says of itself. graphql gives its wrapper of what a resolver throws the extensions that it finds
 * there, so that a driver's error with a `code` of its own in them would pass for one that is meant for clients.
 */
export const extensionsOf = (error: GraphQLError): GraphQLError['extensions'] =>
  isBorrowed(error) ? {} : error.extensions;

function isBorrowed({ extensions, originalError }: GraphQLError): boolean {
  if (originalError instanceof GraphQLError) return isBorrowed(originalError);
  const found = (originalError as { extensions?: unknown } | undefined)?.extensions;
  return found !== undefined && found === extensions;
}
