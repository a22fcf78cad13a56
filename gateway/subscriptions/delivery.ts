import type { ExecutionResult } from 'graphql';
import type { AdmittedRequest } from '../graph.ts';
import type { Queue } from '../queue.ts';
import { type EventCursor, eventCursor } from './event-cursor.ts';
import { runFeed } from './feed.ts';
import { createFeeds, type Place } from './feeds.ts';
import { rightsOf } from './rights.ts';
import { runSharedFeed } from './shared-feed.ts';
import { openShared, openUpstream, probeUpstream, type UpstreamOptions } from './upstream.ts';
import { viewerIndependence } from './viewer-independent.ts';

type Target = Queue<ExecutionResult>;

/**
 * How results come to a subscriber's queue: from the feed of those who share his operation and variables, and, where
 * the operation depends on who asks, his rights; if he resumes from a cursor that the feed does not have, from a
 * subscription of his own until he has caught up with the feed. The promise settles when there is nothing more to do
 * here, with the error that ends it if any; the queue is ended then or, by the feed, later.
 */
export function createDelivery(options: UpstreamOptions) {
  const feeds = createFeeds();
  const independent = viewerIndependence(options.supergraph);

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
    place: Place,
    cursor: EventCursor,
    after: string,
  ): Promise<void> {
    let last = after;
    if (await place.join(last)) return;
    const own = new AbortController();
    const signal = AbortSignal.any([request.signal, own.signal]);
    try {
      for await (const result of openUpstream(options, { ...request, signal })) {
        // Asked before the result is passed on: this one the feed has as well, or will have.
        if (await place.join(last)) return;
        queue.push(result);
        await queue.empty();
        last = cursor.of(result) ?? last;
      }
      queue.end();
    } finally {
      own.abort();
    }
  }

  /** The feed for this subscription from now on. */
  function feedOf(live: AdmittedRequest, cursor: EventCursor) {
    const cursorOf = cursor.of;
    // Without a cursor there is no opening its upstream anew in another's name.
    if (cursor.selected && independent(live.operation)) {
      const open = (request: AdmittedRequest, after: string | null) => openShared(options, request, after);
      const probe = (request: AdmittedRequest) => probeUpstream(options, request);
      return feeds.of(feedKey(live, live.viewer?.tenantId), () => runSharedFeed({ open, probe, cursorOf }));
    }
    const open = (signal: AbortSignal) => openUpstream(options, { ...live, signal });
    const rights = live.viewer ? rightsOf(live.viewer) : undefined;
    return feeds.of(feedKey(live, rights), () => runFeed({ open, cursorOf }));
  }

  return async function deliver(request: AdmittedRequest, queue: Target): Promise<void> {
    const cursor = eventCursor(request.operation);
    const after = afterOf(request, cursor);
    if (cursor.fixed || (after !== undefined && !cursor.selected)) return alone(request, queue);
    const live = liveRequest(request, cursor);
    const place = feedOf(live, cursor).take({ request: live, queue });
    request.signal.addEventListener('abort', () => place.leave(), { once: true });
    if (after !== undefined) return untilCaughtUp(request, queue, place, cursor, after);
    await place.join();
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
 * and what the result depends on of who asks.
 */
function feedKey({ source, operationName, operation, variables }: AdmittedRequest, asker?: string): string {
  const names = (operation.definition.variableDefinitions ?? []).map(({ variable }) => variable.name.value);
  const given = names.filter((name) => variables[name] !== undefined).map((name) => [name, variables[name]]);
  return JSON.stringify([asker, given, operationName ?? null, source]);
}
