import type { CommandTransaction } from '@fellowship/command';
import type { BaseContext } from '@fellowship/subgraph';
import type { Invitations } from './codes/invitations.ts';
import type { GroupEvent } from './events.ts';
import type { Loaders } from './loaders.ts';

export interface Context extends BaseContext<GroupEvent, Loaders> {
  readonly invitations: Invitations;
}

/** A command's transaction. */
export type Tx = CommandTransaction<GroupEvent>;
