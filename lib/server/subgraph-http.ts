import { isUtf8 } from 'node:buffer';
import { ApolloServer, type ApolloServerPlugin } from '@apollo/server';
import { IDENTITY_HEADER, type IdentityVerifier, InvalidToken, type Viewer } from '@fellowship/identity';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import {
  type FormattedExecutionResult,
  GraphQLError,
  getOperationAST,
  NoSchemaIntrospectionCustomRule,
  specifiedRules,
} from 'graphql';
import { createDocuments } from './documents.ts';
import { createExecutor, type ExecutorKind } from './execution/executor.ts';
import { type Answer, apolloDefaults, mountGraphql } from './graphql-http.ts';
import { malformed } from './http.ts';
import type { Logger } from './log.ts';
import { maskError } from './mask.ts';
import type { PlainRequest } from './plain-request.ts';
import type { Subgraph } from './subgraph.ts';

export interface SubgraphHttpOptions {
  readonly verifier: IdentityVerifier;
  readonly introspection: boolean;
  readonly log: Logger;
  readonly executor: ExecutorKind;
}

/**
 * `POST /graphql` of a subgraph. The identity is bound to the body's exact text, so the body is kept as text
 * until the identity is verified, and parsed once, after.
 */
export async function mountSubgraphHttp(
  app: FastifyInstance,
  subgraph: Subgraph,
  { verifier, introspection, log, executor }: SubgraphHttpOptions,
): Promise<void> {
  const viewers = new WeakMap<FastifyRequest, Viewer>();
  const rules = introspection ? specifiedRules : [...specifiedRules, NoSchemaIntrospectionCustomRule];
  const readDocument = createDocuments(subgraph.schema, rules);
  const execute = createExecutor(subgraph.schema, executor);

  /** What is refused before anything is executed is left to Apollo Server, to say why. */
  async function answer(
    { query, operationName, variables }: PlainRequest,
    request: FastifyRequest,
  ): Promise<Answer | undefined> {
    const viewer = viewers.get(request);
    const document = readDocument(query);
    if (!viewer || !('kind' in document)) return undefined;
    const operation = getOperationAST(document, operationName);
    if (!operation || operation.operation === 'subscription') return undefined;
    const contextValue = subgraph.context(viewer, request.id);
    const { data, errors } = await execute({
      document,
      operationName,
      contextValue,
      variableValues: variables,
    });
    if (data === undefined) return undefined;
    const result: FormattedExecutionResult = { data };
    if (errors) result.errors = errors.map((error) => maskError(error, log, request.id));
    return { status: 200, result };
  }

  async function authenticate(request: FastifyRequest): Promise<void> {
    const body = typeof request.body === 'string' ? request.body : '';
    viewers.set(request, await verifiedViewer(verifier, request.headers[IDENTITY_HEADER], body));
    request.body = parseJson(body);
  }

  await app.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser(
      'application/json',
      { parseAs: 'buffer' },
      async (_: unknown, body: Buffer) => {
        if (!isUtf8(body)) throw malformed();
        return body.toString();
      },
    );
    // Before the body is read: who has no identity at all is not listened to.
    scope.addHook('onRequest', async (request) => {
      if (request.headers[IDENTITY_HEADER] === undefined) throw unauthenticated('Identity is missing');
    });
    scope.addHook('preHandler', authenticate);
    await mountGraphql(scope, createApollo(subgraph, introspection, log), {
      methods: ['POST'],
      answer,
      context: async (request) => {
        const viewer = viewers.get(request);
        if (viewer === undefined) throw unauthenticated('Identity is missing');
        return subgraph.context(viewer, request.id);
      },
    });
  });
}

/** Who asks, or a GraphQLError `UNAUTHENTICATED` (HTTP 401). */
export async function verifiedViewer(
  verifier: IdentityVerifier,
  token: unknown,
  body: string,
): Promise<Viewer> {
  if (typeof token !== 'string') throw unauthenticated('Identity is missing');
  try {
    return await verifier.verify(token, body);
  } catch (error) {
    throw error instanceof InvalidToken ? unauthenticated(error.message) : error;
  }
}

function unauthenticated(message: string): GraphQLError {
  return new GraphQLError(message, { extensions: { code: 'UNAUTHENTICATED', http: { status: 401 } } });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    const extensions = { code: 'BAD_REQUEST', http: { status: 400 } };
    throw new GraphQLError('Request body is not JSON', { extensions });
  }
}

function createApollo(subgraph: Subgraph, introspection: boolean, log: Logger): ApolloServer<object> {
  const defaults = apolloDefaults(log);
  return new ApolloServer<object>({
    ...defaults,
    schema: subgraph.schema,
    introspection,
    // The gateway's own queries; a client's persisted ones end there.
    persistedQueries: false,
    plugins: [...defaults.plugins, refuseSubscriptions],
  });
}

/** Apollo would run a subscription like a query, on an event that does not exist. */
const refuseSubscriptions: ApolloServerPlugin = {
  requestDidStart: async () => ({
    didResolveOperation: async ({ operation }) => {
      if (operation?.operation !== 'subscription') return;
      const extensions = { code: 'BAD_REQUEST', http: { status: 400 } };
      throw new GraphQLError('Subscriptions are served over WebSocket', { extensions });
    },
  }),
};
