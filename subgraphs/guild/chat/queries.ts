import type { Writes } from '@fellowship/command';
import type { Page } from '@fellowship/pagination';
import { type Builder, query, type Reads } from '@fellowship/postgres';
import { and, desc, eq, lt, or, sql } from 'drizzle-orm';
import { entitled } from '../guilds/visibility.ts';
import type { MessageRow } from '../rows.ts';
import type { GuildChannel } from '../schema.generated.ts';
import { messages } from '../tables/index.ts';
import { channelPermission } from './rules.ts';

const columns = {
  id: messages.id,
  guildId: messages.guildId,
  channel: messages.channel,
  authorId: messages.authorId,
  body: messages.body,
  createdAt: messages.createdAt,
  deletedAt: messages.deletedAt,
  deletedBy: messages.deletedBy,
};

const channels = Object.keys(channelPermission) as GuildChannel[];

/** Messages are for those whose rank has their channel. */
const heard = (db: Builder) =>
  or(
    ...channels.map((channel) =>
      and(eq(messages.channel, channel), entitled(db, messages.guildId, channelPermission[channel])),
    ),
  );

const byIds = query('messages_by_ids', (db) =>
  db
    .select(columns)
    .from(messages)
    .where(and(sql`${messages.id} = any(${sql.placeholder('ids')}::uuid[])`, heard(db))),
);

/** Those of the messages that the viewer may read. */
export const messagesByIds = (
  reads: Reads,
  by: { ids: readonly string[]; viewerId: string },
): Promise<MessageRow[]> => reads.run(byIds, { ...by });

const ofGuilds = query('messages_of_guilds', (db) => {
  // Drizzle gives a column of a subquery by its bare name, so it has one that no table here has.
  const ofThese = db
    .select({ id: sql<string>`guild`.as('guild') })
    .from(sql`unnest(${sql.placeholder('guildIds')}::uuid[]) as asked(guild)`)
    .as('of_these');
  const page = db
    .select(columns)
    .from(messages)
    .where(
      and(
        eq(messages.guildId, ofThese.id),
        eq(messages.channel, sql.placeholder('channel')),
        lt(messages.id, sql.placeholder('before')),
        heard(db),
      ),
    )
    .orderBy(desc(messages.id))
    .limit(sql.placeholder('limit'))
    .as('page');
  return db
    .select({
      id: page.id,
      guildId: page.guildId,
      channel: page.channel,
      authorId: page.authorId,
      body: page.body,
      createdAt: page.createdAt,
      deletedAt: page.deletedAt,
      deletedBy: page.deletedBy,
    })
    .from(ofThese)
    .innerJoinLateral(page, sql`true`)
    .orderBy(desc(page.id));
});

/** Sorts after every id. */
const lastId = 'ffffffff-ffff-ffff-ffff-ffffffffffff';

/**
 * The same page of a channel of each of the guilds, where the viewer has it, newest first, and one more row where
 * there is a next page.
 */
export const messagesOfGuilds = (
  reads: Reads,
  { page, ...by }: { guildIds: readonly string[]; channel: GuildChannel; viewerId: string; page: Page },
): Promise<MessageRow[]> =>
  reads.run(ofGuilds, { ...by, before: page.after?.[0] ?? lastId, limit: page.first + 1 });

const post = query('message_post', (db) =>
  db.insert(messages).values({
    id: sql.placeholder('id'),
    guildId: sql.placeholder('guildId'),
    channel: sql.placeholder('channel'),
    authorId: sql.placeholder('authorId'),
    body: sql.placeholder('body'),
    createdAt: sql.placeholder('createdAt'),
  }),
);

/** Adds a message, with its event. */
export function addMessage(
  tx: Writes,
  row: {
    id: string;
    guildId: string;
    channel: GuildChannel;
    authorId: string;
    body: string;
    createdAt: Date;
  },
): void {
  tx.write(post, row);
}
