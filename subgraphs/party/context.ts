import type { CommandTransaction } from '@fellowship/command';
import type { BaseContext } from '@fellowship/subgraph';
import type { Activities } from './composition/activities.ts';
import type { PartyEvent } from './events.ts';
import type { Loaders } from './loaders.ts';

export interface Context extends BaseContext<PartyEvent, Loaders> {
  readonly activities: Activities;
}

/** What an action needs that no player asks for: a service does, or the bus brings news. */
export type Commander = Pick<Context, 'command'>;

/** A command's transaction. */
export type Tx = CommandTransaction<PartyEvent>;
