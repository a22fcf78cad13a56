import type { CommandTransaction } from '@fellowship/command';
import type { BaseContext } from '@fellowship/subgraph';
import type { GuildEvent } from './events.ts';
import type { Loaders } from './loaders.ts';

export interface Context extends BaseContext<GuildEvent, Loaders> {
  /** A new invite code that nobody can guess. */
  readonly newInviteCode: () => string;
}

/** A command's transaction. */
export type Tx = CommandTransaction<GuildEvent>;
