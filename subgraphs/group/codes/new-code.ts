import { violatedConstraint } from '@fellowship/postgres';
import type { Tx } from '../context.ts';
import { drawCode, type RandomInt } from './code.ts';

/** A second draw is all but never needed; a tenth means that the source of randomness is broken. */
const draws = 10;

/**
 * Writes with a code that no group of the whole system has. Whether one is taken only the database knows, which
 * sees all tenants where this transaction sees one: so it writes first, and draws again on a collision.
 */
export async function withNewCode(
  tx: Tx,
  randomInt: RandomInt,
  write: (code: string) => Promise<unknown>,
): Promise<void> {
  for (let draw = 1; ; draw += 1) {
    try {
      await tx.savepoint(() => write(drawCode(randomInt)));
      return;
    } catch (error) {
      if (draw === draws || violatedConstraint(error) !== 'groups_invite_code') throw error;
    }
  }
}
