import { IDENTITY_HEADER, signIdentity } from '@fellowship/identity';
import { REQUEST_ID_HEADER } from '@fellowship/server';
import type { ExecutionResult } from 'graphql';
import { Pool } from 'undici';
import type { Remote } from './remote.ts';
import type { Source } from './source.ts';
import { unavailable } from './unavailable.ts';

/** Sockets to one subgraph; requests beyond wait for one. */
const CONNECTIONS = 64;
const CONNECT_TIMEOUT = 2_000;
/** Bytes of one answer: far beyond any page of 100, far below what would hurt. */
const MAX_RESPONSE = 8 * 1024 * 1024;
/** A kept-alive socket that the subgraph closed as we wrote to it. Nothing was answered. */
const LOST_CONNECTION = new Set(['UND_ERR_SOCKET', 'ECONNRESET', 'EPIPE']);

export function createRemoteFetch(remote: Remote): Pick<Source, 'fetch' | 'close'> {
  const { name, endpoint, identitySecret, log, now, timeout } = remote;
  const pool = new Pool(endpoint.origin, {
    connections: CONNECTIONS,
    connectTimeout: CONNECT_TIMEOUT,
    headersTimeout: timeout,
    bodyTimeout: timeout,
    maxResponseSize: MAX_RESPONSE,
  });

  async function post(body: string, headers: Record<string, string>, signal: AbortSignal) {
    const path = endpoint.pathname + endpoint.search;
    const response = await pool.request({ method: 'POST', path, headers, body, signal });
    const text = await response.body.text();
    return readResult(response.statusCode, text);
  }

  return {
    async fetch({ query, variables, operationName }, { viewer, requestId, signal }) {
      const body = JSON.stringify({ query, variables, operationName });
      const headers = {
        'content-type': 'application/json',
        [REQUEST_ID_HEADER]: requestId,
        [IDENTITY_HEADER]: await signIdentity(identitySecret, viewer, name, body, now()),
      };
      // A mutation goes on when its client has gone: half of one is worse than one that nobody waits for.
      const isMutation = query.startsWith('mutation');
      const deadline = startDeadline(timeout, isMutation ? undefined : signal);
      try {
        return await post(body, headers, deadline.signal).catch((error) => {
          if (isMutation || !LOST_CONNECTION.has(error?.code)) throw error;
          return post(body, headers, deadline.signal);
        });
      } catch (error) {
        if (!signal.aborted) log.warn({ err: error, subgraph: name, requestId }, 'Subgraph did not answer');
        throw unavailable(name);
      } finally {
        deadline.clear();
      }
    },
    close: () => pool.close(),
  };
}

/**
 * Covers the wait for a free socket too, which undici's own timeouts do not. Not AbortSignal.timeout and
 * .any: their timers would outlive the fetches by the whole timeout, some ten thousand of them under load.
 */
function startDeadline(milliseconds: number, signal: AbortSignal | undefined) {
  const deadline = new AbortController();
  const expire = () => deadline.abort(new Error(`No answer within ${milliseconds} ms`));
  const cancel = () => deadline.abort(signal?.reason);
  const timer = setTimeout(expire, milliseconds);
  if (signal?.aborted) cancel();
  signal?.addEventListener('abort', cancel);
  return {
    signal: deadline.signal,
    clear() {
      clearTimeout(timer);
      signal?.removeEventListener('abort', cancel);
    },
  };
}

/** A GraphQL result, or an error that says (to the log) what came instead. */
function readResult(status: number, text: string): ExecutionResult {
  // 400 holds a result: an operation that the subgraph refused, for a scalar that does not parse for example.
  if (status !== 200 && status !== 400) throw new Error(`HTTP ${status}: ${text.slice(0, 200)}`);
  const result: unknown = JSON.parse(text);
  if (!isResult(result)) throw new Error('JSON that is no GraphQL result');
  return result;
}

function isResult(value: unknown): value is ExecutionResult {
  if (typeof value !== 'object' || value === null) return false;
  const { data, errors } = value as { data?: unknown; errors?: unknown };
  const hasErrors = Array.isArray(errors) && errors.every((error) => typeof error?.message === 'string');
  return hasErrors || (errors === undefined && typeof data === 'object');
}
