import { extensionsOf, maskError } from '@fellowship/server';
import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import type { Logger } from 'pino';

/**
 * Codes of the gateway's own, beside those that every process here lets through (lib/server, `maskError`).
 */
const GATEWAY_CODES = [
  'OPERATION_TOO_DEEP',
  'OPERATION_TOO_COMPLEX',
  'OPERATION_TOO_LARGE',
  'TOO_MANY_ALIASES',
  'TOO_MANY_DIRECTIVES',
  'TOO_MANY_REPETITIONS',
  'TOO_MANY_ROOT_FIELDS',
  'TOO_MANY_SUBSCRIPTIONS',
  'SUBGRAPH_UNAVAILABLE',
] as const;

type SharedCode =
  | 'UNAUTHENTICATED'
  | 'BAD_REQUEST'
  | 'BAD_USER_INPUT'
  | 'GRAPHQL_PARSE_FAILED'
  | 'GRAPHQL_VALIDATION_FAILED'
  | 'OPERATION_RESOLUTION_FAILURE'
  | 'PERSISTED_QUERY_NOT_IN_LIST'
  | 'TOKEN_EXPIRED'
  | 'ACCESS_LOST'
  | 'GOING_AWAY'
  | 'SLOW_CONSUMER';

export type Code = (typeof GATEWAY_CODES)[number] | SharedCode;

const gatewayCodes: ReadonlySet<unknown> = new Set(GATEWAY_CODES);

/** Characters. Messages quote what was sent: a long name, many times. */
const LONGEST_MESSAGE = 500;

/** An error that the client is meant to read. */
export function coded(code: Code, message: string): GraphQLError {
  const text = message.length > LONGEST_MESSAGE ? `${message.slice(0, LONGEST_MESSAGE)}…` : message;
  return new GraphQLError(text, { extensions: { code } });
}

/** Thrown before anything is executed: the operation is refused, or who sends it. */
export class Refused extends Error {
  override readonly name = 'Refused';
  readonly errors: readonly GraphQLError[];

  constructor(errors: readonly GraphQLError[]) {
    super(errors[0]?.message);
    this.errors = errors;
  }
}

export function refuse(code: Code, message: string): never {
  throw new Refused([coded(code, message)]);
}

/**
 * What may leave of these errors: message, path, `extensions.code` and `extensions.requestId` (and what `maskError`
 * says of RATE_LIMITED); no service name, location, stack or cause. Errors without a public code are masked, and logged with their cause.
 *
 * @param cursor of the last event that was delivered, where these errors end a subscription: `extensions.cursor`
 */
export function cleanErrors(
  errors: readonly unknown[],
  requestId: string,
  log: Logger,
  cursor?: string,
): GraphQLError[] {
  return errors
    .flatMap((error): readonly unknown[] => (error instanceof Refused ? error.errors : [error]))
    .map((error) => withCursor(cleanError(error, requestId, log), cursor));
}

function withCursor(error: GraphQLError, cursor: string | undefined): GraphQLError {
  if (cursor === undefined) return error;
  const { message, path, extensions } = error;
  return new GraphQLError(message, { path, extensions: { ...extensions, cursor } });
}

function cleanError(error: unknown, requestId: string, log: Logger): GraphQLError {
  if (!(error instanceof GraphQLError)) return errorOf(maskError(error, log, requestId));
  const { message } = error;
  const path = clientPath(error.path);
  const { code, retryAfter } = extensionsOf(error);
  if (gatewayCodes.has(code)) return new GraphQLError(message, { path, extensions: { code, requestId } });
  const bare = new GraphQLError(message, {
    path,
    originalError: rootCause(error),
    extensions: { code, retryAfter },
  });
  return errorOf(maskError(bare, log, requestId));
}

function errorOf({ message, path, extensions }: GraphQLFormattedError): GraphQLError {
  return new GraphQLError(message, { path, extensions });
}

/**
 * Paths of the executor may end in words of the planner (`@`: each element; `_entities`), unknown to clients.
 */
function clientPath(path: GraphQLError['path']): GraphQLError['path'] {
  const end = path?.findIndex((key) => key === '@' || key === '_entities') ?? -1;
  return end < 0 ? path : path?.slice(0, end);
}

/** Below the wrappers: graphql wraps what a resolver throws, and the executor wraps that once more. */
function rootCause(error: GraphQLError): Error {
  const cause = error.originalError;
  return cause instanceof GraphQLError ? rootCause(cause) : (cause ?? error);
}
