import {
  createSourceEventStream,
  type ExecutionArgs,
  type ExecutionResult,
  execute,
  subscribe,
} from 'graphql';
import type { SubscribeMode } from './subscribe-mode.ts';

/** A source of events that may be run for many viewers, who all may read it when they come to it. */
export interface Shareable {
  shared(after: string | null): AsyncGenerator<SharedStep, void>;
  /** Rejects for a viewer who may not read it. */
  probe(): Promise<void>;
  mayRead(): Promise<boolean>;
}

interface SharedStep {
  readonly event?: unknown;
  readonly recheck: readonly string[] | 'everyone';
  readonly start?: string;
}

/** What a subscription's results say to the gateway in `extensions.sharing`, beside the data or without any. */
export interface Sharing {
  /** Players who may have lost access, by the event if there is one. */
  readonly recheck?: readonly string[] | 'everyone';
  /** The cursor that the stream begins after: of its first result, which has no data. */
  readonly start?: string;
  /**
   * The viewer in whose name the event was executed may not read it any more, so that something may be missing which
   * others may see.
   */
  readonly lost?: true;
}

export interface SubscribeArgs extends ExecutionArgs {
  readonly mode?: SubscribeMode | undefined;
}

/**
 * graphql's `subscribe`, in each mode. A stream of results, or one result with errors when the stream could not be
 * opened. Returning the stream returns its source at once, even while it waits for an event. Throws where the field
 * can't be shared.
 */
export async function subscribeInMode(
  args: SubscribeArgs,
): Promise<AsyncGenerator<ExecutionResult, void, void> | ExecutionResult> {
  const { mode } = args;
  if (mode === undefined) return subscribe(args);
  if (mode.kind === 'own') return confirmed(await subscribe(args));
  const source = await createSourceEventStream(args);
  if (!(Symbol.asyncIterator in source)) return source;
  if (!isShareable(source)) throw new Error('This subscription can not be shared');
  return mode.kind === 'probe' ? probed(source) : sharedResults(args, source, source.shared(mode.after));
}

function isShareable(source: object): source is Shareable {
  return 'shared' in source && 'probe' in source && 'mayRead' in source;
}

/** Empty, or refused on being read: as a subscription is. */
async function* probed(source: Shareable): AsyncGenerator<never, void, void> {
  await source.probe();
  yield* [];
}

/** A first result says that the stream is open: it may be days until there is an event to tell by. */
function confirmed(
  stream: AsyncGenerator<ExecutionResult, void, void> | ExecutionResult,
): AsyncGenerator<ExecutionResult, void, void> | ExecutionResult {
  if (!(Symbol.asyncIterator in stream)) return stream;
  const open = { extensions: { sharing: {} satisfies Sharing } };
  let isConfirmed = false;
  const results: AsyncGenerator<ExecutionResult, void, void> = {
    async next() {
      if (isConfirmed) return stream.next();
      isConfirmed = true;
      return { done: false, value: open };
    },
    return: () => stream.return(),
    throw: (error) => stream.throw(error),
    [Symbol.asyncIterator]: () => results,
    [Symbol.asyncDispose]: async () => void (await stream.return()),
  };
  return results;
}

/** By hand: a generator's `return()` would queue behind the event that is awaited. */
function sharedResults(
  args: ExecutionArgs,
  source: Shareable,
  steps: AsyncGenerator<SharedStep, void>,
): AsyncGenerator<ExecutionResult, void, void> {
  async function resultOf({ event, recheck, start }: SharedStep): Promise<ExecutionResult> {
    const said = { ...(recheck.length > 0 && { recheck }), ...(start !== undefined && { start }) };
    if (event === undefined) return { extensions: { sharing: said satisfies Sharing } };
    const result = await execute({ ...args, rootValue: event });
    const lost = lacks(result.data) && !(await source.mayRead()) && { lost: true as const };
    const sharing: Sharing = { ...said, ...lost };
    return Object.keys(sharing).length > 0 ? { ...result, extensions: { sharing } } : result;
  }

  const results: AsyncGenerator<ExecutionResult, void, void> = {
    async next() {
      const step = await steps.next();
      return step.done ? step : { done: false, value: await resultOf(step.value) };
    },
    async return() {
      await steps.return();
      return done;
    },
    async throw(error) {
      await steps.return();
      throw error;
    },
    [Symbol.asyncIterator]: () => results,
    [Symbol.asyncDispose]: async () => void (await steps.return()),
  };
  return results;
}

const done = { done: true, value: undefined } as const;

/**
 * Whether there is a null or an empty list in it: what is withheld from a viewer looks like that, and nothing else
 * does. Not asking after every event saves its statement.
 */
function lacks(value: unknown): boolean {
  if (value === null || value === undefined) return true;
  if (typeof value !== 'object') return false;
  const parts = Object.values(value);
  return parts.length === 0 || parts.some(lacks);
}
