import type { CommandTransaction } from '@fellowship/command';
import type { BaseContext } from '@fellowship/subgraph';
import type { PartyEvent } from './events.ts';
import type { Loaders } from './loaders.ts';

export interface Context extends BaseContext<PartyEvent> {
  readonly loaders: Loaders;
}

/** A command's transaction. */
export type Tx = CommandTransaction<PartyEvent>;
