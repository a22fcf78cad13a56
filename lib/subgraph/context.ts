import type { ActivityLog, EventShape } from '@fellowship/activity';
import type { CommandTransaction } from '@fellowship/command';
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
  /**
   * Runs a mutation's work in one transaction with its events, once for an idempotency key. Called on its context, whose
   * loaders it replaces.
   */
  command<Result>(
    this: object,
    name: string,
    input: { readonly idempotencyKey?: string | null },
    work: (tx: CommandTransaction<Event>) => Promise<Result>,
  ): Promise<Result>;
}

/**
 * A fresh context. One operation may hold several mutations: each shows what it changed and not what an earlier
 * one had read, so a command leaves new loaders behind, in the context that it was called on: Apollo's server copies it.
 *
 * Not a getter: in an object literal it is a hidden class an object, which V8 keeps in the old generation, and with it all
 * that the request has read, until the next full collection.
 */
export function createContext<Event extends EventShape, Loaders>(
  store: Store<Event>,
  viewer: Viewer,
  createLoaders: (reads: Reads, viewer: Viewer, now: Date) => Loaders,
): BaseContext<Event, Loaders> {
  const { database, activity, commands, clock, newId } = store;
  const now = clock();
  const reads = database.of(viewer.tenantId);
  const freshLoaders = () => createLoaders(reads, viewer, now);
  return {
    viewer,
    now,
    newId,
    reads,
    loaders: freshLoaders(),
    activity,
    command(this: { loaders: Loaders }, name, input, work) {
      return commands.run(viewer, name, input, work, () => {
        this.loaders = freshLoaders();
      });
    },
  };
}
