import type { CommandTransaction } from '@fellowship/command';
import type { BaseContext } from '@fellowship/subgraph';
import type { PartyEvent } from './events.ts';
import type { Loaders } from './loaders.ts';

export type Context = BaseContext<PartyEvent, Loaders>;

/** A command's transaction. */
export type Tx = CommandTransaction<PartyEvent>;
