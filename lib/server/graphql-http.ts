import { AsyncLocalStorage } from 'node:async_hooks';
import type { ApolloServer, ApolloServerOptionsWithSchema, BaseContext } from '@apollo/server';
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginInlineTraceDisabled,
  ApolloServerPluginLandingPageDisabled,
  ApolloServerPluginUsageReportingDisabled,
} from '@apollo/server/plugin/disabled';
import { fastifyApolloHandler } from '@as-integrations/fastify';
import type { FastifyInstance, FastifyReply, FastifyRequest, HTTPMethods } from 'fastify';
import { type FormattedExecutionResult, GraphQLError } from 'graphql';
import type { Logger } from './log.ts';
import { maskError } from './mask.ts';
import { type PlainRequest, plainRequest } from './plain-request.ts';

/** Where GraphQL is served, over HTTP and over WebSocket. */
export const GRAPHQL_PATH = '/graphql';

/** Apollo's `formatError` is given the error alone; this is how it knows the request. */
const currentRequestId = new AsyncLocalStorage<string>();

/**
 * What every ApolloServer here is made with, beside its schema or gateway: errors masked, nothing sent to
 * Apollo, no traces or cache hints in replies, signals left to the process. CSRF prevention stays on unless
 * the caller has a reason, batched requests stay off (Apollo's defaults).
 */
export function apolloDefaults(log: Logger) {
  return {
    logger: log,
    formatError: (_formatted, error) => maskError(error, log, currentRequestId.getStore() ?? 'unknown'),
    includeStacktraceInErrorResponses: false,
    stopOnTerminationSignals: false,
    plugins: [
      ApolloServerPluginCacheControlDisabled(),
      ApolloServerPluginInlineTraceDisabled(),
      ApolloServerPluginLandingPageDisabled(),
      ApolloServerPluginUsageReportingDisabled(),
    ],
  } satisfies Partial<ApolloServerOptionsWithSchema<BaseContext>>;
}

export interface MountOptions<Context extends BaseContext> {
  /** `GET` (queries alone, with Apollo's CSRF headers) and `POST`. */
  readonly methods: HTTPMethods[];
  context(request: FastifyRequest, reply: FastifyReply): Promise<Context>;
  /**
   * Answers a request without Apollo Server, which costs as much as a small operation; undefined to leave it to
   * Apollo. The answer must be the one that Apollo would give.
   */
  answer(asked: PlainRequest, request: FastifyRequest, reply: FastifyReply): Promise<Answer | undefined>;
}

export interface Answer {
  readonly status: number;
  readonly headers?: Iterable<readonly [name: string, value: string]>;
  readonly result: FormattedExecutionResult;
}

/** Starts the ApolloServer and serves it at `/graphql`; it is stopped when the app closes. */
export async function mountGraphql<Context extends BaseContext>(
  app: FastifyInstance,
  apollo: ApolloServer<Context>,
  { methods, context, answer }: MountOptions<Context>,
): Promise<void> {
  await apollo.start();
  app.addHook('onClose', () => apollo.stop());
  const handler = fastifyApolloHandler(apollo, { context });
  app.route({
    method: methods,
    url: GRAPHQL_PATH,
    onRequest: refuseBadHost,
    handler: async (request, reply) => {
      const asked = plainRequest(request);
      const answered = asked && (await answer(asked, request, reply));
      if (answered) return send(reply, asked.mediaType, answered);
      return currentRequestId.run(request.id, () => handler.call(app, request, reply));
    },
  });
}

/** As Apollo Server does: errors first, and an end of line. */
function send(
  reply: FastifyReply,
  mediaType: string,
  { status, headers = [], result }: Answer,
): FastifyReply {
  for (const [name, value] of headers) reply.header(name, value);
  const { errors, data, extensions } = result;
  return reply
    .code(status)
    .header('content-type', mediaType)
    .send(`${JSON.stringify({ errors, data, extensions })}\n`);
}

/** The integration makes a URL of the Host header, and throws on one that is none: a 500 for a client's fault. */
async function refuseBadHost(request: FastifyRequest): Promise<void> {
  if (URL.canParse(`http://${request.hostname}/`)) return;
  const extensions = { code: 'BAD_REQUEST', http: { status: 400 } };
  throw new GraphQLError('Host header is not valid', { extensions });
}
