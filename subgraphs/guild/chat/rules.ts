import { lacks, type MemberState, mayActOn } from '../ranks/rules.ts';
import type { GuildChannel, GuildErrorCode, GuildPermission } from '../schema.generated.ts';

/** What a rank needs to read and write a channel. */
export const channelPermission: Readonly<Record<GuildChannel, GuildPermission>> = {
  GUILD: 'CHAT',
  OFFICER: 'OFFICER_CHAT',
};

export function maySpeak(actor: MemberState | null, channel: GuildChannel): GuildErrorCode | null {
  return lacks(actor, channelPermission[channel]) && 'CHANNEL_CLOSED';
}

/** A message as its rules see it. */
export interface MessageState {
  readonly channel: GuildChannel;
  readonly authorId: string;
  readonly deletedAt: Date | null;
}

/**
 * `author`: null when they are not a member any more. What was said in a channel does not exist to who does not
 * have it; nor does a deleted message, a second time.
 */
export function mayDelete(
  actor: MemberState | null,
  author: MemberState | null,
  message: MessageState,
): GuildErrorCode | null {
  if (actor === null || maySpeak(actor, message.channel) || message.deletedAt !== null) {
    return 'MESSAGE_NOT_FOUND';
  }
  if (actor.playerId === message.authorId) return null;
  return author === null ? lacks(actor, 'MODERATE_CHAT') : mayActOn(actor, author, 'MODERATE_CHAT');
}
