import { type IdentityVerifier, subscriptionBody } from '@fellowship/identity';
import type { FastifyInstance } from 'fastify';
import {
  type DocumentNode,
  type FormattedExecutionResult,
  GraphQLError,
  getOperationAST,
  getVariableValues,
  type OperationDefinitionNode,
  parse,
  validate,
} from 'graphql';
import type { SubscribePayload } from 'graphql-ws';
import { withFreshContext } from './fresh-context.ts';
import { mountSockets } from './graphql-sockets.ts';
import type { Logger } from './log.ts';
import { maskError } from './mask.ts';
import { requestIdFrom } from './request-id.ts';
import { type SubscribeArgs, subscribeInMode } from './sharing.ts';
import type { Subgraph } from './subgraph.ts';
import { verifiedViewer } from './subgraph-http.ts';
import { readSubscribeMode, type SubscribeMode } from './subscribe-mode.ts';

/**
 * Subscriptions of a subgraph, over graphql-ws at `/graphql`. The gateway carries the subscriptions of many
 * viewers over one socket, so each one brings its identity (`extensions.identity`), one that is refused ends
 * with an error of its own, and nothing short of a broken protocol closes the socket. `extensions.requestId` is
 * the request id in the log and in errors; without it one is made. `extensions.mode` is a `SubscribeMode`.
 */
export function mountSubgraphSockets(
  app: FastifyInstance,
  subgraph: Subgraph,
  { verifier, log }: { readonly verifier: IdentityVerifier; readonly log: Logger },
): void {
  const requestIds = new WeakMap<SubscribePayload, string>();
  const mask = (payload: SubscribePayload, errors: readonly unknown[]) =>
    errors.map((error) => maskError(error, log, requestIds.get(payload) ?? 'unknown'));

  mountSockets(app, log, {
    onSubscribe: async (_context, _id, payload) => {
      const requestId = requestIdFrom(payload.extensions?.['requestId']);
      requestIds.set(payload, requestId);
      try {
        const mode = modeOf(payload);
        const body = subscriptionBody(payload.query, payload.variables, mode);
        const viewer = await verifiedViewer(verifier, payload.extensions?.['identity'], body);
        return withFreshContext({ ...prepare(subgraph, payload), mode }, () =>
          subgraph.context(viewer, requestId),
        );
      } catch (error) {
        return [asGraphQLError(error)];
      }
    },
    subscribe: subscribeOrErrors,
    onNext: (_context, _id, payload, _args, result) => {
      if (result.errors === undefined) return undefined;
      return { ...(result as FormattedExecutionResult), errors: mask(payload, result.errors) };
    },
    onError: (_context, _id, payload, errors) => mask(payload, errors),
  });
}

/**
 * What to execute. Throws a GraphQLError that says what is wrong with the operation. The identity is bound to
 * query and variables, not to an operation's name, so a document holds one operation and the name is ignored.
 */
function prepare(subgraph: Subgraph, payload: SubscribePayload): Omit<SubscribeArgs, 'contextValue'> {
  const { schema } = subgraph;
  const document = parseQuery(payload.query);
  const [invalid] = validate(schema, document);
  if (invalid !== undefined) throw coded('GRAPHQL_VALIDATION_FAILED', invalid);
  const operation = getOperationAST(document);
  if (operation?.operation !== 'subscription') {
    throw new GraphQLError('Send one subscription', { extensions: { code: 'BAD_REQUEST' } });
  }
  checkVariables(subgraph, operation, payload.variables ?? {});
  return { schema, document, variableValues: payload.variables ?? {} };
}

function modeOf({ extensions }: SubscribePayload): SubscribeMode | undefined {
  try {
    return readSubscribeMode(extensions?.['mode']);
  } catch {
    throw new GraphQLError('Unknown mode', { extensions: { code: 'BAD_REQUEST' } });
  }
}

function parseQuery(query: string): DocumentNode {
  try {
    return parse(query);
  } catch (error) {
    throw coded('GRAPHQL_PARSE_FAILED', asGraphQLError(error));
  }
}

/** graphql reports them too, but without a code: there is no telling them from a resolver's fault. */
function checkVariables(
  { schema }: Subgraph,
  operation: OperationDefinitionNode,
  variables: Readonly<Record<string, unknown>>,
): void {
  const { errors } = getVariableValues(schema, operation.variableDefinitions ?? [], variables, {
    maxErrors: 1,
  });
  if (errors?.[0] !== undefined) throw coded('BAD_USER_INPUT', errors[0]);
}

/** A rejection here would have graphql-ws close the whole socket, with everybody else's subscriptions. */
async function subscribeOrErrors(args: SubscribeArgs) {
  try {
    return await subscribeInMode(args);
  } catch (error) {
    return { errors: [asGraphQLError(error)] };
  }
}

function coded(code: string, { message }: GraphQLError): GraphQLError {
  return new GraphQLError(message, { extensions: { code } });
}

function asGraphQLError(error: unknown): GraphQLError {
  if (error instanceof GraphQLError) return error;
  return new GraphQLError('Unexpected', {
    originalError: error instanceof Error ? error : new Error(String(error)),
  });
}
