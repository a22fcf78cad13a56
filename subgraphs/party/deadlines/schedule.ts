import type { Tx } from '../context.ts';
import { deadlines } from '../tables/index.ts';
import type { Deadline } from './deadline.ts';

/**
 * Sets when something of a party's ends by itself, in the transaction that begins it. There is no taking it
 * back: what has ended earlier has nothing left to do when its deadline comes.
 */
export async function setDeadline(tx: Tx, deadline: Deadline & { readonly dueAt: Date }): Promise<void> {
  await tx.db.insert(deadlines).values(deadline);
}
