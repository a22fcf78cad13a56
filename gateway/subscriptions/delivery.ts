import type { Viewer } from '@fellowship/identity';
import type { ExecutionResult } from 'graphql';
import type { AdmittedRequest } from '../graph.ts';
import type { Queue } from '../queue.ts';
import { type EventCursor, eventCursor } from './event-cursor.ts';
import { createFeeds, type Feed } from './feed.ts';
import { openUpstream, type UpstreamOptions } from './upstream.ts';

type Target = Queue<ExecutionResult>;

/**
 * How results come to a subscriber's queue: from the feed of those who share his operation, variables and rights;
 * if he resumes from a cursor that the feed does not have, from a subscription of his own until he has caught up
 * with the feed. The promise settles when there is nothing more to do here, with the error that ends it if any;
 * the queue is ended then or, by the feed, later.
 */
export function createDelivery(options: UpstreamOptions) {
  const feeds = createFeeds();

  async function alone(request: AdmittedRequest, queue: Target): Promise<void> {
    for await (const result of openUpstream(options, request)) {
      queue.push(result);
      await queue.empty();
    }
    queue.end();
  }

  async function untilCaughtUp(
    request: AdmittedRequest,
    queue: Target,
    feed: Feed,
    cursor: EventCursor,
    after: string,
  ): Promise<void> {
    let last = after;
    if (feed.joinAfter(queue, last)) return;
    const own = new AbortController();
    const signal = AbortSignal.any([request.signal, own.signal]);
    try {
      for await (const result of openUpstream(options, { ...request, signal })) {
        // Asked before the result is passed on: this one the feed has as well, or will have.
        if (feed.joinAfter(queue, last)) return;
        queue.push(result);
        await queue.empty();
        last = cursor.of(result) ?? last;
      }
      queue.end();
    } finally {
      own.abort();
    }
  }

  return async function deliver(request: AdmittedRequest, queue: Target): Promise<void> {
    const cursor = eventCursor(request.operation);
    const after = afterOf(request, cursor);
    if (cursor.fixed || (after !== undefined && !cursor.selected)) return alone(request, queue);
    const live = liveRequest(request, cursor);
    const { feed, release } = feeds.hold(feedKey(live), {
      open: (signal) => openUpstream(options, { ...live, signal }),
      cursorOf: cursor.of,
    });
    request.signal.addEventListener('abort', () => release(queue), { once: true });
    if (after === undefined) return feed.join(queue);
    return untilCaughtUp(request, queue, feed, cursor, after);
  };
}

/** Where the subscriber wants to go on, if he says so. */
function afterOf({ variables }: AdmittedRequest, { variable }: EventCursor): string | undefined {
  const after = variable === undefined ? undefined : variables[variable];
  return typeof after === 'string' ? after : undefined;
}

/** The same subscription from now on. */
function liveRequest(request: AdmittedRequest, { variable }: EventCursor): AdmittedRequest {
  if (variable === undefined) return request;
  return { ...request, variables: { ...request.variables, [variable]: null } };
}

/**
 * What two subscribers must have in common for each to get exactly what he would get alone: operation, variables,
 * and rights. Any field may depend on who asks, so rights are those of one player in one tenant with the same
 * communities and scopes; only when the token ends may differ, and each subscriber ends by himself.
 */
function feedKey({ source, operationName, operation, variables, viewer }: AdmittedRequest): string {
  const names = (operation.definition.variableDefinitions ?? []).map(({ variable }) => variable.name.value);
  const given = names.filter((name) => variables[name] !== undefined).map((name) => [name, variables[name]]);
  return JSON.stringify([viewer && rightsOf(viewer), given, operationName ?? null, source]);
}

function rightsOf({ tenantId, playerId, communities, scopes }: Viewer) {
  return [tenantId, playerId, [...communities].sort(), [...scopes].sort()];
}
