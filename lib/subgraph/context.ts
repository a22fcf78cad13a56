import type { ActivityLog, EventShape } from '@fellowship/activity';
import type { Commands, CommandTransaction } from '@fellowship/command';
import type { Viewer } from '@fellowship/identity';
import type { Reads } from '@fellowship/postgres';
import type { Store } from './store.ts';

/** What one request, or one event of a subscription, carries in every subgraph. */
export interface BaseContext<Event extends EventShape, Loaders> {
  readonly viewer: Viewer;
  /** When the request came in. */
  readonly now: Date;
  readonly newId: () => string;
  /** Reads of the viewer's tenant. */
  readonly reads: Reads;
  /** What this request has read; made anew after a command. Take them from here when you need them. */
  readonly loaders: Loaders;
  readonly activity: ActivityLog<Event>;
  /** Runs a mutation's work in one transaction with its events, once for an idempotency key. */
  command<Result>(
    name: string,
    input: { readonly idempotencyKey?: string | null },
    work: (tx: CommandTransaction<Event>) => Promise<Result>,
  ): Promise<Result>;
}

/**
 * A fresh context. One operation may hold several mutations: each shows what it changed and not what an earlier
 * one had read, so a command leaves new loaders behind. (`loaders` is a getter: extend a context with
 * `Object.assign`, a spread would lose it.)
 */
export function createContext<Event extends EventShape, Loaders>(
  store: Store<Event>,
  viewer: Viewer,
  createLoaders: CreateLoaders<Loaders>,
): BaseContext<Event, Loaders> {
  return new RequestContext(store, viewer, createLoaders);
}

type CreateLoaders<Loaders> = (reads: Reads, viewer: Viewer, now: Date) => Loaders;

/**
 * A class for its getter's sake: one in an object literal is a hidden class an object, which V8 keeps in the old
 * generation, and with it all that the request has read, until the next full collection.
 */
class RequestContext<Event extends EventShape, Loaders> implements BaseContext<Event, Loaders> {
  readonly viewer: Viewer;
  readonly now: Date;
  readonly newId: () => string;
  readonly reads: Reads;
  readonly activity: ActivityLog<Event>;
  readonly #commands: Commands<Event>;
  readonly #createLoaders: CreateLoaders<Loaders>;
  #loaders: Loaders;

  constructor(
    { database, activity, commands, clock, newId }: Store<Event>,
    viewer: Viewer,
    createLoaders: CreateLoaders<Loaders>,
  ) {
    this.viewer = viewer;
    this.now = clock();
    this.newId = newId;
    this.reads = database.of(viewer.tenantId);
    this.activity = activity;
    this.#commands = commands;
    this.#createLoaders = createLoaders;
    this.#loaders = this.#fresh();
  }

  get loaders(): Loaders {
    return this.#loaders;
  }

  command<Result>(
    name: string,
    input: { readonly idempotencyKey?: string | null },
    work: (tx: CommandTransaction<Event>) => Promise<Result>,
  ): Promise<Result> {
    return this.#commands.run(this.viewer, name, input, work, () => {
      this.#loaders = this.#fresh();
    });
  }

  #fresh(): Loaders {
    return this.#createLoaders(this.reads, this.viewer, this.now);
  }
}
