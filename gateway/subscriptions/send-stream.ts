import type { OutgoingHttpHeaders, ServerResponse } from 'node:http';
import { REQUEST_ID_HEADER } from '@fellowship/server';
import type { FastifyReply } from 'fastify';
import type { ExecutionResult } from 'graphql';
import type { Framing } from './framing.ts';
import type { SocketLimits } from './socket.ts';

/**
 * Answers with results as they come, no faster than the client takes them; one that takes nothing for
 * `sendTimeout` is cut off, for there is no way left to tell it why. Ends with the results, or with the client.
 */
export async function sendStream(
  reply: FastifyReply,
  framing: Framing,
  results: AsyncIterator<ExecutionResult, unknown>,
  gone: AbortSignal,
  { heartbeat, sendTimeout }: SocketLimits,
): Promise<void> {
  const headers = reply.getHeaders();
  reply.hijack();
  const { raw } = reply;
  raw.writeHead(200, {
    // What hooks have set, such as those of CORS: Fastify does not send them of a response that is not its own.
    ...(headers as OutgoingHttpHeaders),
    'content-type': framing.contentType,
    'cache-control': 'no-cache, no-transform',
    // nginx would hold events back until its buffer is full.
    'x-accel-buffering': 'no',
    [REQUEST_ID_HEADER]: reply.request.id,
  });
  raw.write(framing.opening);
  const beat = setInterval(() => raw.write(framing.heartbeat), heartbeat);
  const leave = () => results.return?.();
  gone.addEventListener('abort', leave);
  try {
    for (let next = await results.next(); !next.done; next = await results.next()) {
      if (raw.destroyed) break;
      if (!raw.write(framing.part(next.value))) await taken(raw, gone, sendTimeout);
    }
  } finally {
    clearInterval(beat);
    gone.removeEventListener('abort', leave);
    await leave();
    raw.end(framing.closing);
  }
}

/** Resolves when the client has taken what waits, or has gone. */
function taken(raw: ServerResponse, gone: AbortSignal, timeout: number): Promise<void> {
  return new Promise((resolve) => {
    const stuck = setTimeout(() => raw.destroy(), timeout);
    const finish = () => {
      clearTimeout(stuck);
      raw.removeListener('drain', finish);
      gone.removeEventListener('abort', finish);
      resolve();
    };
    raw.once('drain', finish);
    gone.addEventListener('abort', finish);
  });
}
