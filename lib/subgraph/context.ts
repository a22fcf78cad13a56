import type { ActivityLog, EventShape } from '@fellowship/activity';
import type { CommandTransaction } from '@fellowship/command';
import type { Viewer } from '@fellowship/identity';
import type { Reads } from '@fellowship/postgres';
import type { Store } from './store.ts';

/** What one request, or one event of a subscription, carries in every subgraph. Each adds its loaders. */
export interface BaseContext<Event extends EventShape> {
  readonly viewer: Viewer;
  /** When the request came in. */
  readonly now: Date;
  readonly newId: () => string;
  /** Reads of the viewer's tenant. */
  readonly reads: Reads;
  readonly activity: ActivityLog<Event>;
  /** Runs a mutation's work in one transaction with its events, once for an idempotency key. */
  command<Result>(
    name: string,
    input: { readonly idempotencyKey?: string | null },
    work: (tx: CommandTransaction<Event>) => Promise<Result>,
  ): Promise<Result>;
}

export function createContext<Event extends EventShape>(
  store: Store<Event>,
  viewer: Viewer,
): BaseContext<Event> {
  const { database, activity, commands, clock, newId } = store;
  return {
    viewer,
    now: clock(),
    newId,
    reads: database.of(viewer.tenantId),
    activity,
    command: (name, input, work) => commands.run(viewer, name, input, work),
  };
}
