import { setImmediate as turn } from 'node:timers/promises';
import type { ExecutionResult } from 'graphql';
import { coded, Refused } from '../errors.ts';
import type { AdmittedRequest } from '../graph.ts';
import { createQueue } from '../queue.ts';
import type { Feed, Place } from '../subscriptions/feeds.ts';
import type { SharedResult } from '../subscriptions/upstream.ts';
import { viewerNamed } from './gateway.ts';

/** A log and who may read it, as a subgraph has it, for feeds to be opened on. */
export interface ModelLog {
  /** Cursors are `1`, `2` and so on. */
  readonly length: number;
  /** Upstreams opened, probes made, events executed: in whose name. */
  readonly opened: string[];
  readonly probed: string[];
  readonly executed: string[];
  /** Upstreams that run. */
  readonly running: number;
  /** Something happens that concerns nobody's access. */
  publish(): void;
  /** The player loses access, and the log says so, as its last event has it: its number. */
  kick(player: string): number;
  /** All lose access. */
  close(): number;
  /** The subgraph goes away: what is open breaks. */
  crash(): void;
  open(request: AdmittedRequest, after: string | null): AsyncGenerator<SharedResult, void>;
  probe(request: AdmittedRequest): Promise<void>;
}

const notFound = () => {
  throw new Refused([coded('NOT_FOUND' as never, 'No such activity log')]);
};

/** @param pause what each answer of the subgraph waits for */
export function createModelLog(pause: () => Promise<unknown> = turn): ModelLog {
  const events: { readonly recheck?: readonly string[] | 'everyone' }[] = [];
  const opened: string[] = [];
  const probed: string[] = [];
  const executed: string[] = [];
  const gone = new Set<string>();
  let closed = false;
  let running = 0;
  let crashed = new AbortController();
  let changed = Promise.withResolvers<void>();

  const mayRead = (player: string) => !closed && !gone.has(player);

  function append(event: (typeof events)[number]): number {
    events.push(event);
    changed.resolve();
    changed = Promise.withResolvers();
    return events.length;
  }

  async function* follow(player: string, after: string | null, signal: AbortSignal) {
    await pause();
    if (!mayRead(player)) notFound();
    let place = after === null ? events.length : Number(after);
    yield { sharing: { start: String(place) } };
    for (;;) {
      while (place === events.length) await Promise.race([changed.promise, aborted(signal)]);
      const event = events[place++];
      await pause();
      signal.throwIfAborted();
      executed.push(player);
      const lost = !mayRead(player) && { lost: true as const };
      const data = { event: { cursor: String(place), missing: !mayRead(player) } };
      yield { result: { data }, sharing: { ...event, ...lost } };
    }
  }

  return {
    get length() {
      return events.length;
    },
    get running() {
      return running;
    },
    opened,
    probed,
    executed,
    publish: () => void append({}),
    kick(player) {
      gone.add(player);
      return append({ recheck: [player] });
    },
    close() {
      closed = true;
      return append({ recheck: 'everyone' });
    },
    crash() {
      crashed.abort(coded('SUBGRAPH_UNAVAILABLE', 'The party service is not available'));
      crashed = new AbortController();
    },
    async *open({ viewer, signal }, after) {
      const player = viewer?.playerId ?? '';
      opened.push(player);
      running++;
      try {
        yield* follow(player, after, AbortSignal.any([signal, crashed.signal]));
      } finally {
        running--;
      }
    },
    async probe({ viewer, signal }) {
      const player = viewer?.playerId ?? '';
      probed.push(player);
      await pause();
      const may = mayRead(player);
      await pause();
      signal.throwIfAborted();
      if (!may) notFound();
    },
  };
}

function aborted(signal: AbortSignal): Promise<never> {
  const { promise, reject } = Promise.withResolvers<never>();
  if (signal.aborted) reject(signal.reason);
  signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  return promise;
}

/** A subscriber who takes what comes at once. */
export interface ModelSubscriber {
  readonly player: string;
  /** Numbers of the events that came. */
  readonly got: readonly number[];
  /** Of these, those in which something is missing that the player might see. */
  readonly missing: readonly number[];
  /** The code it ended with; `complete` without one. */
  readonly ended: string | undefined;
  leave(): void;
}

export function subscribeTo(feed: Feed, name: string, after?: string): ModelSubscriber {
  const viewer = viewerNamed(name);
  const gone = new AbortController();
  const queue = createQueue<ExecutionResult>(1_000);
  const request = { viewer, signal: gone.signal } as AdmittedRequest;
  const place: Place = feed.take({ request, queue });
  const got: number[] = [];
  const missing: number[] = [];
  let ended: string | undefined;

  async function read(): Promise<void> {
    for await (const { data } of queue) {
      const { event } = data as { event: { cursor: string; missing: boolean } };
      got.push(Number(event.cursor));
      if (event.missing) missing.push(Number(event.cursor));
    }
    ended = 'complete';
  }
  function leave(): void {
    if (gone.signal.aborted) return;
    gone.abort(new Error('gone'));
    place.leave();
  }
  place.join(after).then(
    (joined) => joined || queue.end(new Error('not joined')),
    (error) => queue.end(error),
  );
  read().catch((error) => {
    ended = error instanceof Refused ? String(error.errors[0]?.extensions['code']) : codeOf(error);
    leave();
  });
  return {
    player: viewer.playerId,
    got,
    missing,
    get ended() {
      return ended;
    },
    leave,
  };
}

const codeOf = (error: { extensions?: { code?: string }; message: string }) =>
  error.extensions?.code ?? error.message;

/** Until nothing is under way any more in a model. */
export async function settle(): Promise<void> {
  for (let nth = 0; nth < 60; nth++) await turn();
}
