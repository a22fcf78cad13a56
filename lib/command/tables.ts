import { moment, tenantId } from '@fellowship/postgres';
import { index, jsonb, type PgSchema, primaryKey, text, uuid } from 'drizzle-orm/pg-core';

/** The commands that players gave an idempotency key, and how each went. */
export function commandTable(schema: PgSchema) {
  return schema.table(
    'commands',
    {
      tenantId: tenantId(),
      playerId: uuid('player_id').notNull(),
      key: text().notNull(),
      /** SHA-256 of the mutation's name and input: the same key may not mean two things. */
      fingerprint: text().notNull(),
      /** Null only within the transaction that runs the command. */
      outcome: jsonb().$type<Outcome>(),
      createdAt: moment('created_at').notNull(),
    },
    (table) => [
      primaryKey({ columns: [table.tenantId, table.playerId, table.key] }),
      index('commands_age').on(table.createdAt),
    ],
  );
}

export type CommandTable = ReturnType<typeof commandTable>;

export type Outcome =
  | { readonly done: unknown }
  | {
      readonly denied: { readonly code: string; readonly message: string; readonly path: readonly string[] };
    };
