import type postgres from 'postgres';
import type { LedgerEntry } from './proof.ts';
import type { FollowedLog } from './scenes.ts';

/** The ids that the database holds of a log after where subscribers began. Throws unless it is numbered without gaps. */
export async function committedOf(sql: postgres.Sql, log: FollowedLog): Promise<string[]> {
  const rows = await sql<{ id: string; sequence: string }[]>`
    select id, sequence from ${sql(log.schema)}.activity where subject = ${log.subject} order by sequence`;
  const gap = rows.findIndex(({ sequence }, index) => Number(sequence) !== index + 1);
  if (gap >= 0) throw new Error(`${log.name} is not numbered without gaps, at ${gap + 1}`);
  return rows.slice(log.before).map(({ id }) => id);
}

/** The currency in a guild's bank: each movement, and what is held. */
export async function bankOf(
  sql: postgres.Sql,
  guildId: string,
): Promise<{ readonly entries: LedgerEntry[]; readonly held: bigint }> {
  const entries = await sql<Record<'sequence' | 'amount' | 'balance', string>[]>`
    select sequence, amount, balance from guild.bank_ledger where guild_id = ${guildId} order by sequence`;
  const [bank] = await sql<
    { currency: string }[]
  >`select currency from guild.banks where guild_id = ${guildId}`;
  return {
    entries: entries.map(({ sequence, amount, balance }) => ({
      sequence: BigInt(sequence),
      amount: BigInt(amount),
      balance: BigInt(balance),
    })),
    held: BigInt(bank?.currency ?? 0),
  };
}
