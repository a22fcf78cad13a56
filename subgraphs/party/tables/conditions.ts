import { sql } from 'drizzle-orm';
import type { AnyPgColumn } from 'drizzle-orm/pg-core';

type Columns<Name extends string> = Readonly<Record<Name, AnyPgColumn>>;

// The conditions of partial indexes. Queries say them in these words: with the status as a parameter (`eq`), a
// plan that is kept for any parameters can't know that the index has the rows. Measured: it reads the table.
export const isRolling = ({ status }: Columns<'status'>) => sql`${status} = 'ROLLING'`;
export const isPending = ({ status }: Columns<'status'>) => sql`${status} = 'PENDING'`;
export const isActive = ({ status }: Columns<'status'>) => sql`${status} = 'ACTIVE'`;
export const hasEnded = ({ status }: Columns<'status'>) => sql`${status} <> 'ACTIVE'`;
export const isWaiting = ({ status }: Columns<'status'>) => sql`${status} = 'WAITING'`;
export const isOpen = ({ status }: Columns<'status'>) => sql`${status} = 'OPEN'`;

/** How many members a party has. */
export const membersOf = (table: Columns<'tanks' | 'healers' | 'dps' | 'undecided'>) =>
  sql`${table.tanks} + ${table.healers} + ${table.dps} + ${table.undecided}`;

/** Whether whoever wants to can join: what the finder shows, in the words of the indexes it reads. */
export const joinable = (
  table: Columns<'status' | 'joinPolicy' | 'maxMembers' | 'tanks' | 'healers' | 'dps' | 'undecided'>,
) =>
  sql`${table.status} = 'ACTIVE' and ${table.joinPolicy} = 'OPEN' and ${membersOf(table)} < ${table.maxMembers}`;
