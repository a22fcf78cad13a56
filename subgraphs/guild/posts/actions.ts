import { idOf } from '@fellowship/graphql';
import { lineOf, linesOf } from '@fellowship/text';
import { eq } from 'drizzle-orm';
import { record } from '../audit/record.ts';
import type { Context, Tx } from '../context.ts';
import { deny, denyIf } from '../denials.ts';
import { guildLog } from '../events.ts';
import { enterGuild } from '../guilds/state.ts';
import { onlookerOf } from '../guilds/visibility.ts';
import { lacks } from '../ranks/rules.ts';
import type { PostRow } from '../rows.ts';
import type {
  GuildPostDeleteInput,
  GuildPostPublishInput,
  GuildPostUpdateInput,
} from '../schema.generated.ts';
import { posts } from '../tables/index.ts';
import { postsByIds } from './queries.ts';

const longest = { title: 120, body: 10_000 };

const titleOf = (text: string) => lineOf(text, 1, longest.title) ?? deny('INVALID_INPUT', ['title']);
const bodyOf = (text: string) => linesOf(text, 1, longest.body) ?? deny('INVALID_INPUT', ['body']);

/** Returns the post's id. */
export const publishPost = (context: Context, input: GuildPostPublishInput): Promise<string> =>
  context.command('guildPostPublish', input, async (tx) => {
    const { guild, actor } = await enterGuild(tx, context.viewer, input.guildId);
    denyIf(lacks(actor, 'NEWS_CREATE'));
    const after = { kind: input.kind, title: titleOf(input.title), body: bodyOf(input.body) };
    const id = context.newId();
    const [guildId, authorId] = [guild.id, context.viewer.playerId];
    const times = { publishedAt: tx.now, updatedAt: tx.now };
    await tx.db.insert(posts).values({ id, guildId, authorId, version: 1, ...after, ...times });
    const data = { guildId, postId: id, title: after.title };
    tx.emit({ type: 'guild.post.published', subject: guildLog(guildId), data });
    await record(tx, context, { guildId, action: 'POST_PUBLISHED', subjectId: id, after });
    return id;
  });

/** Returns the post's id. */
export const updatePost = (context: Context, input: GuildPostUpdateInput): Promise<string> =>
  context.command('guildPostUpdate', input, async (tx) => {
    const post = await enterPost(tx, context, input.postId);
    const { id, guildId } = post;
    if (input.version !== post.version) deny('STALE_VERSION', ['version']);
    const before = contentsOf(post);
    const after = {
      kind: input.kind ?? post.kind,
      title: titleOf(input.title ?? post.title),
      body: bodyOf(input.body ?? post.body),
    };
    await tx.db
      .update(posts)
      .set({ ...after, version: post.version + 1, updatedAt: tx.now })
      .where(eq(posts.id, id));
    const data = { guildId, postId: id, title: after.title };
    tx.emit({ type: 'guild.post.updated', subject: guildLog(guildId), data });
    await record(tx, context, { guildId, action: 'POST_UPDATED', subjectId: id, before, after });
    return id;
  });

/** Returns the guild's id. */
export const deletePost = (context: Context, input: GuildPostDeleteInput): Promise<string> =>
  context.command('guildPostDelete', input, async (tx) => {
    const post = await enterPost(tx, context, input.postId);
    const { id, guildId, title } = post;
    await tx.db.delete(posts).where(eq(posts.id, id));
    tx.emit({
      type: 'guild.post.deleted',
      subject: guildLog(guildId),
      data: { guildId, postId: id, title },
    });
    await record(tx, context, { guildId, action: 'POST_DELETED', subjectId: id, before: contentsOf(post) });
    return guildId;
  });

/** A post that the actor may change, its guild locked. */
async function enterPost(tx: Tx, { viewer }: Context, postId: string): Promise<PostRow> {
  const id = idOf(postId) ?? deny('POST_NOT_FOUND');
  const find = async () => {
    const [post] = await postsByIds(tx, { ...onlookerOf(viewer), ids: [id] });
    return post ?? deny('POST_NOT_FOUND');
  };
  const { actor } = await enterGuild(tx, viewer, (await find()).guildId);
  denyIf(lacks(actor, 'NEWS_CREATE'));
  return find();
}

const contentsOf = ({ kind, title, body }: PostRow) => ({ kind, title, body });
