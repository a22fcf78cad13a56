import { ApolloServer, type ApolloServerOptionsWithGateway } from '@apollo/server';
import type { ClientTokens, Viewer } from '@fellowship/identity';
import { apolloDefaults, mountGraphql } from '@fellowship/server';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { type ExecutionResult, GraphQLError } from 'graphql';
import type { Logger } from 'pino';
import { cleanErrors } from './errors.ts';
import type { Graph, OperationRequest } from './graph.ts';
import { authenticate, UNAUTHORIZED } from './identity.ts';
import type { Supergraph } from './supergraph.ts';

export interface HttpOptions {
  readonly graph: Graph;
  readonly supergraph: Supergraph;
  readonly clientTokens: ClientTokens;
  /** See `Limits.tokens`. */
  readonly maxTokens: number;
  readonly log: Logger;
}

interface HttpContext {
  readonly viewer: Viewer | null;
  readonly requestId: string;
  readonly signal: AbortSignal;
}

type Gateway = ApolloServerOptionsWithGateway<HttpContext>['gateway'];

/**
 * Serves queries and mutations at `/graphql`. Apollo Server is the HTTP of it: content negotiation, CSRF
 * prevention, parsing. Validation is off there, because the graph does it, after limits and for every
 * transport.
 */
export async function mountHttp(app: FastifyInstance, options: HttpOptions): Promise<void> {
  const { supergraph, clientTokens, maxTokens, log } = options;
  const defaults = apolloDefaults(log);
  const apollo = new ApolloServer<HttpContext>({
    ...defaults,
    gateway: gatewayOf(supergraph, (request) => execute(options, request)),
    dangerouslyDisableValidation: true,
    parseOptions: { maxTokens },
    persistedQueries: false,
    // What comes from the graph is clean already; Apollo's own refusals are not.
    formatError: (formatted, error) =>
      error instanceof GraphQLError && error.extensions['requestId'] !== undefined
        ? formatted
        : defaults.formatError(formatted, error),
  });
  await mountGraphql(app, apollo, {
    methods: ['GET', 'POST'],
    context: async ({ id, headers }, reply) => ({
      viewer: await authenticate(clientTokens, headers.authorization),
      requestId: id,
      signal: untilGone(reply),
    }),
  });
}

/** The graph as the `gateway` of an ApolloServer. The supergraph is fixed for the life of the process. */
function gatewayOf({ apiSchema, sdl }: Supergraph, executor: Executor): Gateway {
  return {
    onSchemaLoadOrUpdate(callback) {
      callback({ apiSchema, coreSupergraphSdl: sdl });
      return () => {};
    },
    load: async () => ({ executor }),
    stop: async () => {},
  };
}

type Executor = NonNullable<Awaited<ReturnType<Gateway['load']>>['executor']>;
type ApolloRequest = Parameters<Executor>[0];

async function execute({ graph, log }: HttpOptions, apollo: ApolloRequest): Promise<ExecutionResult> {
  const { viewer, requestId, signal } = apollo.context as HttpContext;
  const request: OperationRequest = {
    source: apollo.source,
    operationName: apollo.request.operationName || undefined,
    variables: apollo.request.variables ?? {},
    viewer,
    requestId,
    signal,
    parsed: apollo.document,
  };
  try {
    return withStatus(await graph.execute(graph.admit(request)));
  } catch (error) {
    return withStatus({ errors: cleanErrors([error], requestId, log) });
  }
}

/** Apollo answers 400 where there is no data, unless an error says otherwise. */
function withStatus(result: ExecutionResult): ExecutionResult {
  if (result.data !== undefined) return result;
  return { errors: result.errors?.map(withHttp) ?? [] };
}

function withHttp({ message, path, extensions }: GraphQLError): GraphQLError {
  const { code } = extensions;
  const http =
    code === 'UNAUTHENTICATED'
      ? UNAUTHORIZED
      : code === 'INTERNAL_SERVER_ERROR'
        ? { status: 500 }
        : undefined;
  return new GraphQLError(message, { path, extensions: { ...extensions, ...(http && { http }) } });
}

/** Aborts when the client closes the connection before its answer is complete. */
function untilGone(reply: FastifyReply): AbortSignal {
  const gone = new AbortController();
  reply.raw.once('close', () => {
    if (!reply.raw.writableFinished) gone.abort();
  });
  return gone.signal;
}
