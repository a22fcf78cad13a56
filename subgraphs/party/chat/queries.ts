import { query, type Reads } from '@fellowship/postgres';
import { and, desc, eq, sql } from 'drizzle-orm';
import { isOwn } from '../membership/queries.ts';
import { belowNumber, fromNewestNumber, limit, type PageOfEach, parentId, parents } from '../paging.ts';
import type { MessageRow } from '../rows.ts';
import { messages } from '../tables.ts';

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

const last = query('message_last_number', (db) =>
  db
    .select({ number: messages.number })
    .from(messages)
    .where(eq(messages.partyId, sql.placeholder('partyId')))
    .orderBy(desc(messages.number))
    .limit(1),
);

/** The number of a party's latest message; 0 when there is none. */
export async function lastNumber(reads: Reads, partyId: string): Promise<number> {
  const [message] = await reads.run(last, { partyId });
  return message?.number ?? 0;
}
