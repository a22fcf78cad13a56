import { IDENTITY_HEADER, signIdentity } from '@fellowship/identity';
import { REQUEST_ID_HEADER } from '@fellowship/server';
import { bulkhead, TaskCancelledError } from 'cockatiel';
import { type ExecutionResult, GraphQLError } from 'graphql';
import { Pool } from 'undici';
import { hadNoTurn, NotAway } from './breaker.ts';
import { startDeadline } from './deadline.ts';
import { type Posted, post } from './post.ts';
import type { Remote } from './remote.ts';
import type { Source } from './source.ts';
import { NO_ANSWER, unavailable } from './unavailable.ts';

/**
 * Fetches over HTTP. None is ever sent again: what was lost on the way may have been done. (undici connects anew by
 * itself for a request of which it has not written a byte.)
 */
export function createRemoteFetch(remote: Remote): Pick<Source, 'fetch' | 'close'> {
  const { name, endpoint, identitySecret, log, now, limits, breaker } = remote;
  const path = endpoint.pathname + endpoint.search;
  const turns = bulkhead(limits.connections, limits.queue);
  // One event may need a fetch for each of a thousand subscribers, all at once. They wait here, where they are bounded
  // by their subscriptions, and leave half of the connections to requests.
  const turnsOfEvents = bulkhead(Math.ceil(limits.connections / 2), Number.POSITIVE_INFINITY);
  const pool = new Pool(endpoint.origin, {
    // A probe does not wait in line behind fetches that hang.
    connections: limits.connections + 1,
    connectTimeout: limits.connectTimeout,
    headersTimeout: limits.responseTimeout,
    bodyTimeout: limits.timeout,
    maxResponseSize: limits.responseBytes,
  });

  let crowded = false;
  turns.onReject(() => {
    if (!crowded) log.warn({ subgraph: name, waiting: limits.queue }, 'Too many wait for a subgraph');
    crowded = true;
  });

  /** When it is its turn. Those who wait when the subgraph turns out to be away do not try it one by one. */
  function inTurn<T>(work: () => Promise<T>, signal: AbortSignal): Promise<T> {
    if (turns.executionSlots > 0) crowded = false;
    return turns.execute(() => {
      if (!breaker.closed) throw new TaskCancelledError();
      return work();
    }, signal);
  }

  return {
    async fetch({ query, variables, operationName }, { viewer, requestId, signal, forEvent }) {
      const body = JSON.stringify({ query, variables, operationName });
      const headers = {
        'content-type': 'application/json',
        [REQUEST_ID_HEADER]: requestId,
        [IDENTITY_HEADER]: await signIdentity(identitySecret, viewer, name, body, now()),
      };
      // A mutation goes on when its client has gone: half of one is worse than one that nobody waits for.
      const isMutation = query.startsWith('mutation');
      try {
        return await breaker.run(async (isProbe) => {
          const gone = isMutation || isProbe ? undefined : signal;
          const deadline = startDeadline(limits.timeout, gone, () => new NotAway('The client has gone'));
          const send = async () => readResult(await post(pool, { path, headers, body }, deadline.signal));
          try {
            if (isProbe) return await send();
            const fetchInTurn = () => inTurn(send, deadline.signal);
            return await (forEvent ? turnsOfEvents.execute(fetchInTurn, deadline.signal) : fetchInTurn());
          } finally {
            deadline.clear();
          }
        });
      } catch (error) {
        if (!signal.aborted && !(error instanceof GraphQLError || hadNoTurn(error))) {
          log.warn({ reason: String(error), subgraph: name, requestId }, NO_ANSWER);
        }
        throw unavailable(name);
      }
    },
    close: () => pool.close(),
  };
}

/** A GraphQL result, or an error that says (to the log) what came instead. */
function readResult({ status, text }: Posted): ExecutionResult {
  // 400 holds a result: an operation that the subgraph refused, for a scalar that does not parse for example.
  if (status !== 200 && status !== 400) {
    const came = `HTTP ${status}: ${text.slice(0, 200)}`;
    throw status < 500 ? new NotAway(came) : new Error(came);
  }
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
