import type { Writes } from '@fellowship/command';
import { query, type Reads } from '@fellowship/postgres';
import { and, desc, eq, sql } from 'drizzle-orm';
import { isOwn } from '../membership/queries.ts';
import { belowNumber, fromNewestNumber, limit, type PageOfEach, parentId, parents } from '../paging.ts';
import type { MessageRow } from '../rows.ts';
import { messages } from '../tables/index.ts';

const columns = {
  id: messages.id,
  partyId: messages.partyId,
  number: messages.number,
  authorId: messages.authorId,
  body: messages.body,
  postedAt: messages.postedAt,
  deletedAt: messages.deletedAt,
};

const visible = query('messages_visible', (db) =>
  db
    .select(columns)
    .from(messages)
    .where(and(sql`${messages.id} = any(${sql.placeholder('ids')}::uuid[])`, isOwn(db, messages.partyId))),
);

/** Those of the messages that the viewer may see: those of their party. */
export const visibleMessages = (
  reads: Reads,
  by: { ids: readonly string[]; viewerId: string },
): Promise<MessageRow[]> => reads.run(visible, by);

const ofParties = query('messages_of_parties', (db) => {
  const page = db
    .select(columns)
    .from(messages)
    .where(and(eq(messages.partyId, parentId), belowNumber(messages.number)))
    .orderBy(desc(messages.number))
    .limit(limit)
    .as('page');
  return db.select(page._.selectedFields).from(parents).crossJoinLateral(page).orderBy(desc(page.number));
});

/** A page of each party's chat, newest first, and one row more. Asks nobody's leave. */
export const messagesOfParties = (reads: Reads, { parentIds, page }: PageOfEach): Promise<MessageRow[]> =>
  reads.run(ofParties, { parentIds, ...fromNewestNumber(page) });

const post = query('message_post', (db) => {
  const last = db
    .select({ number: messages.number })
    .from(messages)
    .where(eq(messages.partyId, sql.placeholder('partyId')))
    .orderBy(desc(messages.number))
    .limit(1);
  return db.insert(messages).values({
    id: sql.placeholder('id'),
    partyId: sql.placeholder('partyId'),
    number: sql`coalesce((${last}), 0) + 1`,
    authorId: sql.placeholder('authorId'),
    body: sql.placeholder('body'),
    postedAt: sql.placeholder('postedAt'),
  });
});

/** Adds a message under the party's next number, with its event. The party is locked. */
export function addMessage(
  tx: Writes,
  row: { id: string; partyId: string; authorId: string; body: string; postedAt: Date },
): void {
  tx.write(post, row);
}
