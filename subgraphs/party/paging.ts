import type { KeyPart, Page } from '@fellowship/pagination';
import { type Column, sql } from 'drizzle-orm';

// Parts of the statements behind connections. One statement serves a whole batch of parents: a page each, by a
// lateral join on their ids.

/** The ids of a batch's parents, as the table `parent`. */
export const parents = sql`unnest(${sql.placeholder('parentIds')}::uuid[]) as parent(id)`;
export const parentId = sql`parent.id`;
export const limit = sql.placeholder('limit');

/** After the cursor, where the highest id comes first. */
export const belowId = (id: Column) => sql`${id} < ${sql.placeholder('belowId')}::uuid`;

/** The same in the order of a number. */
export const belowNumber = (number: Column) => sql`${number} < ${sql.placeholder('belowNumber')}::integer`;

/** What `paged` asks for. */
export interface PageOfEach {
  readonly parentIds: readonly string[];
  readonly page: Page;
}

/**
 * The values for `belowId` and `limit`, which is one more than the page has. The first page starts above the
 * highest id of all, and not by `or $1 is null`, which keeps a prepared statement from seeking in an index.
 */
export const fromNewestId = ({ first, after }: Page) => ({
  limit: first + 1,
  belowId: after?.[0] ?? 'ffffffff-ffff-ffff-ffff-ffffffffffff',
});

/** The same for `belowNumber`. */
export const fromNewestNumber = ({ first, after }: Page) => ({
  limit: first + 1,
  belowNumber: after?.[0] ?? 2_147_483_647,
});

/** A number as a part of a cursor's key. */
export const numberKey: KeyPart = (text) => /^\d{1,9}$/.test(text);
