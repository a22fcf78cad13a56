import { isUtf8 } from 'node:buffer';
import { within } from '@fellowship/within';
import Fastify, {
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  LogController,
} from 'fastify';
import { GraphQLError } from 'graphql';
import type { Logger } from './log.ts';
import { maskError } from './mask.ts';
import { REQUEST_ID_HEADER, requestIdFrom } from './request-id.ts';

export interface HttpOptions {
  readonly log: Logger;
  /** Bytes of a request body; 256 KiB unless told. */
  readonly bodyLimit?: number;
  /** Whose `X-Forwarded-*` counts, e.g. `10.0.0.0/8`. Nobody's unless told. */
  readonly trustedProxies?: readonly string[];
  /** Rejects while the process can't serve. Always ready unless told. */
  readonly ready?: () => Promise<void>;
}

const DEFAULT_BODY_LIMIT = 256 * 1024;
/** Milliseconds for a request to arrive whole: a client that dribbles bytes holds no connection for longer. */
const REQUEST_TIMEOUT = 30_000;
/** Milliseconds for a readiness check: a database that hangs is a database that is away. */
const READY_TIMEOUT = 3_000;
/** Milliseconds for requests in flight to finish when the server closes; then their connections are cut. */
const DRAIN_TIMEOUT = 10_000;
const DRAIN_INTERVAL = 100;

/**
 * A Fastify server with what every process here has: request ids, a body limit, errors in the shape of GraphQL
 * with nothing of ours in them, `/healthz`, `/readyz`, and a `close()` that lets requests in flight finish.
 */
export function createHttp(options: HttpOptions): FastifyInstance {
  const { log, bodyLimit = DEFAULT_BODY_LIMIT, trustedProxies = [], ready } = options;
  // As Fastify's own type of logger: with pino's, no function that takes a FastifyInstance takes this one.
  const loggerInstance: FastifyBaseLogger = log;
  const app: FastifyInstance = Fastify({
    loggerInstance,
    bodyLimit,
    trustProxy: trustedProxies.length > 0 && [...trustedProxies],
    requestTimeout: REQUEST_TIMEOUT,
    requestIdHeader: false,
    genReqId: (request) => requestIdFrom(request.headers[REQUEST_ID_HEADER]),
    // One line a request, below, in place of Fastify's two, which hold the query string.
    logController: new LogController({ disableRequestLogging: true, requestIdLogLabel: 'requestId' }),
    frameworkErrors: replyWithError,
  });
  app.removeAllContentTypeParsers();
  const parseJson = app.getDefaultJsonParser('error', 'error');
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, body: Buffer, done) => {
    if (isUtf8(body)) parseJson(request, body.toString(), done);
    else done(malformed());
  });
  app.addHook('onRequest', async (request, reply) => {
    reply.header(REQUEST_ID_HEADER, request.id);
    refuseEncoded(request);
    refuseCharset(request);
  });
  app.addHook('onResponse', logResponse);
  app.setErrorHandler(replyWithError);
  app.setNotFoundHandler((request, reply) =>
    reply.code(404).send(errorBody(request, 'NOT_FOUND', 'Not found')),
  );
  addHealth(app, ready);
  drainOnClose(app);
  return app;
}

/** Nothing is decompressed here: what a few bytes become could be anything. */
function refuseEncoded({ headers }: FastifyRequest): void {
  const encoding = headers['content-encoding'];
  if (encoding === undefined || encoding === 'identity') return;
  throw Object.assign(new Error(`Body encoded as ${encoding}`), { statusCode: 415 });
}

/** JSON is UTF-8: read as that, another encoding is other text. */
function refuseCharset({ headers }: FastifyRequest): void {
  const charset = /;\s*charset\s*=\s*"?([^\s;"]*)/i.exec(headers['content-type'] ?? '')?.[1];
  if (charset === undefined || /^utf-?8$/i.test(charset)) return;
  throw Object.assign(new Error(`Body in ${charset}`), { statusCode: 415 });
}

/** What a body of bytes that are no UTF-8 is. Read as UTF-8 all the same, it would be another text. */
export const malformed = (): Error => Object.assign(new Error('Body is not UTF-8'), { statusCode: 400 });

/** The route and not the URL, which may hold a secret: an invite code. */
async function logResponse(request: FastifyRequest, reply: FastifyReply): Promise<void> {
  const path = request.routeOptions.url ?? request.url.split('?')[0];
  const milliseconds = Math.round(reply.elapsedTime);
  request.log.info({ method: request.method, path, status: reply.statusCode, milliseconds }, 'Request');
}

/** Refusals of the HTTP layer, by status. Our own words: Fastify's name the path or the parser's fault. */
const REFUSALS: Readonly<Record<number, readonly [code: string, message: string]>> = {
  413: ['PAYLOAD_TOO_LARGE', 'Request body is too large'],
  415: ['UNSUPPORTED_MEDIA_TYPE', 'Request body must be application/json'],
};
const BAD_REQUEST = ['BAD_REQUEST', 'Request is malformed'] as const;

function replyWithError(error: unknown, request: FastifyRequest, reply: FastifyReply): void {
  const status = statusOf(error);
  reply.code(status).header(REQUEST_ID_HEADER, request.id).headers(headersOf(error));
  if (error instanceof GraphQLError || status >= 500) {
    reply.send({ errors: [maskError(error, request.log as Logger, request.id)] });
    return;
  }
  const [code, message] = REFUSALS[status] ?? BAD_REQUEST;
  reply.send(errorBody(request, code, message));
}

/** A GraphQLError says its status and headers as Apollo Server has it: `extensions.http`. */
interface Http {
  readonly status?: unknown;
  readonly headers?: ReadonlyMap<string, string>;
}

const httpOf = (error: unknown) =>
  error instanceof GraphQLError ? (error.extensions['http'] as Http | undefined) : undefined;

const headersOf = (error: unknown) => Object.fromEntries(httpOf(error)?.headers ?? []);

function statusOf(error: unknown): number {
  const status =
    error instanceof GraphQLError
      ? httpOf(error)?.status
      : (error as { statusCode?: unknown } | undefined)?.statusCode;
  return typeof status === 'number' && status >= 400 && status < 600 ? status : 500;
}

function errorBody(request: FastifyRequest, code: string, message: string) {
  return { errors: [{ message, extensions: { code, requestId: request.id } }] };
}

function addHealth(app: FastifyInstance, ready: (() => Promise<void>) | undefined): void {
  // Asked every few seconds by whoever runs the process: not worth a line.
  const quiet = { logLevel: 'warn' as const };
  app.get('/healthz', quiet, async () => ({ status: 'ok' }));
  app.get('/readyz', quiet, async (request, reply) => {
    try {
      await within(READY_TIMEOUT, Promise.resolve(ready?.()));
      return { status: 'ready' };
    } catch (error) {
      request.log.warn({ err: error }, 'Not ready');
      return reply.code(503).send({ status: 'unavailable' });
    }
  });
}

/**
 * Node's `close()` waits for every connection, and drops only those that are idle at that moment: one that was
 * busy would stay until its keep-alive ends (72 s). So idle ones are dropped until none is left.
 */
function drainOnClose(app: FastifyInstance): void {
  app.addHook('preClose', async () => {
    const idle = setInterval(() => app.server.closeIdleConnections(), DRAIN_INTERVAL);
    const deadline = setTimeout(() => app.server.closeAllConnections(), DRAIN_TIMEOUT);
    app.server.once('close', () => {
      clearInterval(idle);
      clearTimeout(deadline);
    });
  });
}
