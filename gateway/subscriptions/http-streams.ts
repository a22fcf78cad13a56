import { GRAPHQL_PATH } from '@fellowship/server';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { type ExecutionResult, GraphQLError } from 'graphql';
import type { Logger } from 'pino';
import { cleanErrors } from '../errors.ts';
import type { AdmittedRequest, Graph, OperationRequest } from '../graph.ts';
import { withHttp } from '../http-status.ts';
import type { Authentication } from '../identity.ts';
import { eventStream, type Framing, multipart } from './framing.ts';
import type { Places } from './places.ts';
import { readOperation } from './read-operation.ts';
import { sendStream } from './send-stream.ts';
import type { SocketLimits } from './socket.ts';
import type { Subscriptions } from './subscriptions.ts';

export interface HttpStreamOptions {
  readonly graph: Graph;
  readonly subscriptions: Subscriptions;
  readonly authentication: Authentication;
  readonly limits: SocketLimits;
  readonly places: Places;
  readonly log: Logger;
}

/**
 * Serves subscriptions as HTTP responses at `/graphql`, to who accepts `text/event-stream` (graphql-sse, distinct
 * connections mode, also by GET) or `multipart/mixed;subscriptionSpec=1.0` (Apollo). Who accepts nothing but
 * `text/event-stream` gets queries, mutations and refusals that way too; everything else goes on to `mountHttp`,
 * which is to be mounted later.
 */
export function mountHttpStreams(app: FastifyInstance, options: HttpStreamOptions): void {
  const { graph, subscriptions, authentication, limits, places, log } = options;

  /** The results to stream, or undefined where the answer is a plain one. */
  async function resultsOf(request: OperationRequest, only: boolean, isGet: boolean) {
    let admitted: AdmittedRequest;
    try {
      admitted = await graph.admit(request);
    } catch (error) {
      const errors = cleanErrors([error], request.requestId, log);
      const [first] = errors;
      if (first && refusedByHttp.has(first.extensions['code'])) throw withHttp(first);
      return only ? once({ errors }) : undefined;
    }
    const { type } = admitted.operation;
    if (type === 'subscription') return subscriptions.subscribe(admitted);
    if (!only || (isGet && type === 'mutation')) return undefined;
    return once(graph.execute(admitted));
  }

  app.addHook('preHandler', async (request, reply) => {
    const accepted = request.routeOptions.url === GRAPHQL_PATH ? acceptedFraming(request) : undefined;
    const operation = accepted && readOperation(request);
    if (!accepted || !operation) return;
    // Some clients accept a stream for everything (urql). A query is admitted, and takes its points, where it is answered.
    if (!accepted.only && !/\bsubscription\b/.test(operation.source)) return;
    const sender = await authentication.ofRequest(request);
    const gone = untilClosed(reply);
    const asked = { ...operation, ...sender, requestId: request.id, signal: gone };
    const results = await resultsOf(asked, accepted.only, request.method === 'GET');
    if (!results) return;
    const leave = places.take();
    if (!leave) throw full();
    gone.addEventListener('abort', leave);
    await sendStream(reply, accepted.framing, results, gone, limits);
  });
}

/** Answered by the status of the response, before there is a stream. */
const refusedByHttp: ReadonlySet<unknown> = new Set(['UNAUTHENTICATED', 'RATE_LIMITED']);

/** How the client wants a stream, if it does, and whether it wants nothing else. */
function acceptedFraming({ headers }: FastifyRequest): { framing: Framing; only: boolean } | undefined {
  const types = (headers.accept ?? '').toLowerCase().split(',');
  if (types.some((type) => type.includes('multipart/mixed') && type.includes('subscriptionspec=')))
    return { framing: multipart, only: false };
  if (types.some((type) => type.includes('text/event-stream')))
    return { framing: eventStream, only: types.length === 1 };
  return undefined;
}

async function* once(result: ExecutionResult | Promise<ExecutionResult>) {
  yield await result;
}

function untilClosed(reply: FastifyReply): AbortSignal {
  const gone = new AbortController();
  reply.raw.once('close', () => gone.abort());
  return gone.signal;
}

function full(): GraphQLError {
  const extensions = { code: 'RATE_LIMITED', http: { status: 503 } };
  return new GraphQLError('Too many clients are connected: try again later', { extensions });
}
