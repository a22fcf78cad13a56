import { ApolloServer, type ApolloServerOptionsWithGateway } from '@apollo/server';
import { type Answer, apolloDefaults, maskError, mountGraphql, type PlainRequest } from '@fellowship/server';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { type ExecutionResult, GraphQLError, parse } from 'graphql';
import type { Logger } from 'pino';
import { cleanErrors } from './errors.ts';
import type { Graph, OperationRequest } from './graph.ts';
import { type Http, withHttp } from './http-status.ts';
import type { Authentication, Sender } from './identity.ts';
import { LEAST_PRICE } from './limits/prices.ts';
import type { Rates } from './limits/rates.ts';
import { readOperation } from './subscriptions/read-operation.ts';
import type { Supergraph } from './supergraph.ts';

export interface HttpOptions {
  readonly graph: Graph;
  readonly supergraph: Supergraph;
  readonly authentication: Authentication;
  readonly rates: Rates;
  /** See `Limits.tokens`. */
  readonly maxTokens: number;
  readonly log: Logger;
}

interface HttpContext extends Sender {
  readonly requestId: string;
  readonly signal: AbortSignal;
}

type Gateway = ApolloServerOptionsWithGateway<HttpContext>['gateway'];

/**
 * Serves queries and mutations at `/graphql`. Apollo Server is the HTTP of it: content negotiation and
 * parsing. Validation is off there, because the graph does it, after limits and for every transport. Plain
 * requests, which need none of that, go past it to the same graph.
 */
export async function mountHttp(app: FastifyInstance, options: HttpOptions): Promise<void> {
  const { supergraph, authentication, maxTokens, log } = options;
  const defaults = apolloDefaults(log);
  const apollo = new ApolloServer<HttpContext>({
    ...defaults,
    gateway: gatewayOf(supergraph, (request) => execute(options, request)),
    dangerouslyDisableValidation: true,
    parseOptions: { maxTokens, noLocation: true },
    persistedQueries: false,
    // It asks for a header of Apollo's on GET, against pages that use their visitors' cookies. There are none
    // here: who asks is in `authorization`, which no browser sends by itself, and GET runs queries alone. A POST
    // must be JSON, for which browsers ask first.
    csrfPrevention: false,
    // What comes from the graph is clean already; Apollo's own refusals are not.
    formatError: (formatted, error) =>
      error instanceof GraphQLError && error.extensions['requestId'] !== undefined
        ? formatted
        : defaults.formatError(formatted, error),
  });
  await mountGraphql(app, apollo, {
    methods: ['GET', 'POST'],
    answer: (asked, request, reply) => answer(options, asked, request, reply),
    context: async (request, reply) => {
      const sender = await authentication.ofRequest(request);
      await chargeUnread(options, request, sender);
      return { ...sender, requestId: request.id, signal: untilGone(reply) };
    },
  });
}

/**
 * Apollo Server refuses what it can't read or parse before the graph hears of it: that costs what the graph's own
 * refusals cost.
 */
async function chargeUnread(
  { rates, maxTokens }: HttpOptions,
  request: FastifyRequest,
  sender: Sender,
): Promise<void> {
  const operation = readOperation(request);
  if (operation && parses(operation.source, maxTokens)) return;
  await rates.charge(sender, LEAST_PRICE).catch((error: unknown) => {
    throw error instanceof GraphQLError ? withHttp(error) : error;
  });
}

function parses(source: string, maxTokens: number): boolean {
  try {
    parse(source, { maxTokens, noLocation: true });
    return true;
  } catch {
    return false;
  }
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

function execute(options: HttpOptions, apollo: ApolloRequest): Promise<ExecutionResult> {
  return run(options, {
    ...(apollo.context as HttpContext),
    source: apollo.source,
    operationName: apollo.request.operationName || undefined,
    variables: apollo.request.variables ?? {},
    parsed: apollo.document,
  });
}

/** Without Apollo Server, word for word as with it. */
async function answer(
  options: HttpOptions,
  { query, operationName, variables }: PlainRequest,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<Answer> {
  const { authentication, log } = options;
  try {
    const sender = await authentication.ofRequest(request);
    const asked = {
      source: query,
      operationName,
      variables,
      requestId: request.id,
      signal: untilGone(reply),
    };
    return answerOf(await run(options, { ...asked, ...sender }));
  } catch (error) {
    // Who sends it: everything else that is wrong is in the result.
    if (!(error instanceof GraphQLError)) throw error;
    return { ...answerOf({ errors: [error] }), result: { errors: [maskError(error, log, request.id)] } };
  }
}

function answerOf({ data, errors, extensions }: ExecutionResult): Answer {
  const heads = (errors ?? []).map(({ extensions }) => extensions['http'] as Http | undefined);
  const head: Partial<Http> = Object.assign({}, ...heads);
  const told = errors?.map((error) => {
    const { http, ...own } = error.extensions;
    return { ...error.toJSON(), extensions: own };
  });
  const { status = data === undefined ? 400 : 200, headers } = head;
  return {
    status,
    ...(headers && { headers }),
    result: {
      ...(data !== undefined && { data }),
      ...(told && { errors: told }),
      ...(extensions && { extensions }),
    },
  };
}

async function run({ graph, log }: HttpOptions, request: OperationRequest): Promise<ExecutionResult> {
  try {
    return withStatus(await graph.execute(await graph.admit(request)));
  } catch (error) {
    return withStatus({ errors: cleanErrors([error], request.requestId, log) });
  }
}

/** Apollo answers 400 where there is no data, unless an error says otherwise. */
function withStatus(result: ExecutionResult): ExecutionResult {
  const { data, errors = [] } = result;
  if (data === undefined) return { errors: errors.map(withHttp) };
  return nothingBut('RATE_LIMITED', result) ? { ...result, errors: errors.map(withHttp) } : result;
}

/** Whether every root field was refused, and for this. */
function nothingBut(code: string, { data, errors = [] }: ExecutionResult): boolean {
  const isEmpty = Object.values(data ?? {}).every((value) => value === null);
  return isEmpty && errors.length > 0 && errors.every(({ extensions }) => extensions['code'] === code);
}

/** Aborts when the client closes the connection before its answer is complete. */
function untilGone(reply: FastifyReply): AbortSignal {
  const gone = new AbortController();
  reply.raw.once('close', () => {
    if (!reply.raw.writableFinished) gone.abort();
  });
  return gone.signal;
}
