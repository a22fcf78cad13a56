import type { KeyPart, Page } from '@fellowship/pagination';
import { type Column, type SQL, sql } from 'drizzle-orm';

// Parts of the statements behind connections. One statement serves a whole batch of parents: a page each, by a
// lateral join on their ids.

/** The ids of a batch's parents, as the table `parent`. */
export const parents = sql`unnest(${sql.placeholder('parentIds')}::uuid[]) as parent(id)`;
export const parentId = sql`parent.id`;
export const limit = sql.placeholder('limit');

/** After the cursor, in the order of an id. */
export const afterId = (id: Column): SQL => sql`${id} > ${sql.placeholder('afterId')}::uuid`;

/** After the cursor, in the order of a moment and, within one, of an id. */
export const afterMoment = (moment: Column, id: Column): SQL =>
  sql`(${moment}, ${id}) > (${sql.placeholder('afterMoment')}::timestamptz, ${sql.placeholder('afterId')}::uuid)`;

const lowestId = '00000000-0000-0000-0000-000000000000';

/**
 * The values for `afterId` and `limit`, which is one more than the page has. The first page starts after the
 * lowest id of all, and not by `or $1 is null`, which keeps a prepared statement from seeking in an index.
 */
export const byId = ({ first, after }: Page) => ({ limit: first + 1, afterId: after?.[0] ?? lowestId });

/** The same for `afterMoment`. */
export const byMoment = ({ first, after }: Page) => ({
  limit: first + 1,
  afterMoment: after?.[0] ?? '-infinity',
  afterId: after?.[1] ?? lowestId,
});

/** After the cursor, in the order of a number. */
export const afterNumber = (number: Column): SQL =>
  sql`${number} > ${sql.placeholder('afterNumber')}::integer`;

/** The same for `afterNumber`: whole numbers from 1. */
export const byNumber = ({ first, after }: Page) => ({ limit: first + 1, afterNumber: after?.[0] ?? '0' });

/** A whole number that Postgres takes as an `integer`. */
export const numberKey: KeyPart = (text) => /^\d{1,9}$/.test(text);
