import { idOf } from '@fellowship/graphql';
import { linesOf } from '@fellowship/text';
import { eq } from 'drizzle-orm';
import { record } from '../audit/record.ts';
import type { Context } from '../context.ts';
import { deny, denyIf } from '../denials.ts';
import { channelLog } from '../events.ts';
import { enterGuild, visitGuild } from '../guilds/state.ts';
import type { GuildMessageDeleteInput, GuildMessagePostInput } from '../schema.generated.ts';
import { messages } from '../tables/index.ts';
import { addMessage, messagesByIds } from './queries.ts';
import { mayDelete, maySpeak } from './rules.ts';

/** Returns the message's id, here and below. The guild is not held: members talk at once, and it does not change. */
export const postMessage = (context: Context, input: GuildMessagePostInput): Promise<string> =>
  context.command('guildMessagePost', input, async (tx) => {
    const { viewer, reads } = context;
    const { guild, actor } = await visitGuild(reads, viewer, input.guildId);
    const { channel } = input;
    denyIf(maySpeak(actor, channel));
    const body = linesOf(input.body, 1, 2_000);
    if (body === null || body.trim() === '') deny('INVALID_INPUT', ['body']);
    const id = context.newId();
    const message = { id, guildId: guild.id, channel, authorId: viewer.playerId, body, createdAt: tx.now };
    addMessage(tx, message);
    const data = { guildId: guild.id, channel, messageId: id };
    tx.emit({ type: 'guild.message.posted', subject: channelLog(guild.id, channel), data });
    tx.onCommit(() => context.loaders.message.prime(id, { ...message, deletedAt: null, deletedBy: null }));
    return id;
  });

export const deleteMessage = (context: Context, input: GuildMessageDeleteInput): Promise<string> =>
  context.command('guildMessageDelete', input, async (tx) => {
    const { viewer } = context;
    const id = idOf(input.messageId) ?? deny('MESSAGE_NOT_FOUND');
    const reason = linesOf(input.reason ?? '', 0, 500) ?? deny('INVALID_INPUT', ['reason']);
    const find = async () => {
      const [message] = await messagesByIds(tx, { ids: [id], viewerId: viewer.playerId });
      return message ?? deny('MESSAGE_NOT_FOUND');
    };
    const { guildId, channel, authorId } = await find();
    const { actor, target } = await enterGuild(tx, viewer, guildId, authorId);
    denyIf(mayDelete(actor, target, await find()));
    await tx.db
      .update(messages)
      .set({ body: null, deletedAt: tx.now, deletedBy: viewer.playerId })
      .where(eq(messages.id, id));
    const data = { guildId, channel, messageId: id };
    tx.emit({ type: 'guild.message.deleted', subject: channelLog(guildId, channel), data });
    if (authorId !== viewer.playerId) {
      const action = 'MESSAGE_DELETED';
      await record(tx, context, {
        guildId,
        action,
        targetId: authorId,
        subjectId: id,
        reason: reason || null,
      });
    }
    return id;
  });
