import type { ActivityRow, Affected } from '@fellowship/activity';
import type { GuildChannel } from './schema.generated.ts';

/** Every event the guild subgraph publishes, spelled as on the bus. */
export type GuildEvent =
  | { readonly type: 'guild.created'; readonly data: OfGuild }
  | { readonly type: 'guild.archived'; readonly data: OfGuild }
  | { readonly type: 'guild.restored'; readonly data: OfGuild }
  | { readonly type: 'guild.member.banned'; readonly data: OfPlayer }
  | { readonly type: 'guild.member.unbanned'; readonly data: OfPlayer }
  | { readonly type: 'guild.application.submitted'; readonly data: OfApplication }
  | { readonly type: 'guild.application.withdrawn'; readonly data: OfApplication }
  | { readonly type: 'guild.application.approved'; readonly data: OfApplication }
  | { readonly type: 'guild.application.rejected'; readonly data: OfApplication }
  | { readonly type: 'guild.rank.created'; readonly data: OfOneRank }
  | { readonly type: 'guild.rank.updated'; readonly data: OfOneRank }
  | {
      readonly type: 'guild.rank.deleted';
      /** Who had it has the destination from now on. */
      readonly data: OfOneRank & { readonly destinationId: string; readonly destinationName: string };
    }
  | { readonly type: 'guild.page.updated'; readonly data: OfGuild & { readonly version: number } }
  | { readonly type: 'guild.post.published'; readonly data: OfPost }
  | { readonly type: 'guild.post.updated'; readonly data: OfPost }
  | { readonly type: 'guild.post.deleted'; readonly data: OfPost }
  | { readonly type: 'guild.updated'; readonly data: OfGuild }
  | { readonly type: 'guild.member.joined'; readonly data: OfRank }
  | { readonly type: 'guild.member.left'; readonly data: OfPlayer }
  | { readonly type: 'guild.member.kicked'; readonly data: OfPlayer }
  | { readonly type: 'guild.member.promoted'; readonly data: OfRank }
  | { readonly type: 'guild.member.demoted'; readonly data: OfRank }
  | {
      readonly type: 'guild.leadership.transferred';
      /** `playerId` leads from now on. */
      readonly data: OfPlayer & { readonly previousLeaderId: string };
    }
  | { readonly type: 'guild.invite.created'; readonly data: OfInvite }
  | { readonly type: 'guild.invite.revoked'; readonly data: OfInvite }
  | { readonly type: 'guild.bank.deposited'; readonly data: OfBankEntry }
  | { readonly type: 'guild.bank.withdrawn'; readonly data: OfBankEntry }
  | { readonly type: 'guild.bank.tab.created'; readonly data: OfBankTab }
  | { readonly type: 'guild.bank.tab.updated'; readonly data: OfBankTab }
  | { readonly type: 'guild.bank.limit.set'; readonly data: OfGuild & { readonly rankId: string } }
  | { readonly type: 'guild.message.posted'; readonly data: OfMessage }
  | { readonly type: 'guild.message.deleted'; readonly data: OfMessage }
  | { readonly type: 'guild.event.created'; readonly data: OfCalendarEvent }
  | { readonly type: 'guild.event.updated'; readonly data: OfCalendarEvent }
  | {
      readonly type: 'guild.event.cancelled';
      /** `startsAt`: the one occurrence that was called off. Null: the whole event. */
      readonly data: OfCalendarEvent & { readonly startsAt: string | null };
    }
  | {
      readonly type: 'guild.event.responded';
      readonly data: OfCalendarEvent &
        OfPlayer & { readonly startsAt: string; readonly attendance: 'GOING' | 'MAYBE' | 'DECLINED' };
    };

interface OfGuild {
  readonly guildId: string;
}

interface OfPlayer extends OfGuild {
  readonly playerId: string;
}

/** A player and the rank they have from now on. Its name too: a rank may be gone when the event is read. */
interface OfRank extends OfPlayer {
  readonly rankId: string;
  readonly rankName: string;
}

interface OfOneRank extends OfGuild {
  readonly rankId: string;
  readonly rankName: string;
}

/** Without what was said and why it was refused, which is not for all who read the log. */
interface OfApplication extends OfPlayer {
  readonly applicationId: string;
}

interface OfPost extends OfGuild {
  readonly postId: string;
  readonly title: string;
}

/** Without the code, which is not for all who read the log. */
interface OfInvite extends OfGuild {
  readonly inviteId: string;
}

/** A movement of the bank. Currency has neither tab nor item. */
interface OfBankEntry extends OfPlayer {
  /** The entry's number in the ledger. */
  readonly sequence: number;
  readonly tabId: string | null;
  readonly itemKey: string | null;
  /** How much, above zero, as a decimal string: JSON's numbers end at 2^53. */
  readonly amount: string;
}

interface OfBankTab extends OfGuild {
  readonly tabId: string;
}

/** Without what was said, which is not for all who read the bus. */
interface OfMessage extends OfGuild {
  readonly channel: GuildChannel;
  readonly messageId: string;
}

interface OfCalendarEvent extends OfGuild {
  readonly eventId: string;
}

/** The GraphQL type of each event. */
export const eventTypes = {
  'guild.created': 'GuildCreated',
  'guild.archived': 'GuildArchived',
  'guild.restored': 'GuildRestored',
  'guild.member.banned': 'GuildMemberBanned',
  'guild.member.unbanned': 'GuildMemberUnbanned',
  'guild.application.submitted': 'GuildApplicationSubmitted',
  'guild.application.withdrawn': 'GuildApplicationWithdrawn',
  'guild.application.approved': 'GuildApplicationApproved',
  'guild.application.rejected': 'GuildApplicationRejected',
  'guild.rank.created': 'GuildRankCreated',
  'guild.rank.updated': 'GuildRankUpdated',
  'guild.rank.deleted': 'GuildRankDeleted',
  'guild.page.updated': 'GuildPageUpdated',
  'guild.post.published': 'GuildPostPublished',
  'guild.post.updated': 'GuildPostUpdated',
  'guild.post.deleted': 'GuildPostDeleted',
  'guild.updated': 'GuildUpdated',
  'guild.member.joined': 'GuildMemberJoined',
  'guild.member.left': 'GuildMemberLeft',
  'guild.member.kicked': 'GuildMemberKicked',
  'guild.member.promoted': 'GuildMemberPromoted',
  'guild.member.demoted': 'GuildMemberDemoted',
  'guild.leadership.transferred': 'GuildLeadershipTransferred',
  'guild.invite.created': 'GuildInviteCreated',
  'guild.invite.revoked': 'GuildInviteRevoked',
  'guild.bank.deposited': 'GuildBankDeposited',
  'guild.bank.withdrawn': 'GuildBankWithdrawn',
  'guild.bank.tab.created': 'GuildBankTabCreated',
  'guild.bank.tab.updated': 'GuildBankTabUpdated',
  'guild.bank.limit.set': 'GuildBankLimitChanged',
  'guild.message.posted': 'GuildMessagePosted',
  'guild.message.deleted': 'GuildMessageDeleted',
  'guild.event.created': 'GuildCalendarEventCreated',
  'guild.event.updated': 'GuildCalendarEventUpdated',
  'guild.event.cancelled': 'GuildCalendarEventCancelled',
  'guild.event.responded': 'GuildCalendarEventResponded',
} as const satisfies Record<GuildEvent['type'], string>;

/** An event in the log. */
export type GuildEventRow = ActivityRow<GuildEvent>;

/** The events of a GraphQL type. By its name: the generator of resolver types stumbles over dots in a type. */
export type GuildEventOf<Name extends (typeof eventTypes)[GuildEvent['type']]> = Extract<
  GuildEventRow,
  {
    type: {
      [Type in GuildEvent['type']]: (typeof eventTypes)[Type] extends Name ? Type : never;
    }[GuildEvent['type']];
  }
>;

/** The log of a guild, which its members read. */
export const guildLog = (guildId: string): string => `guild:${guildId}`;

/** The log of a channel, which only those read who have the channel. */
export const channelLog = (guildId: string, channel: GuildChannel): string =>
  `guild:${guildId}:${channel.toLowerCase()}`;

/** The log of what concerns a player, which only the player reads. */
export const inboxLog = (playerId: string): string => `player:${playerId}`;

/** Whom an event of the guild may have taken the guild from. */
export function whoLeaves(event: GuildEventRow): Affected {
  switch (event.type) {
    case 'guild.member.left':
    case 'guild.member.kicked':
    case 'guild.member.banned':
      return [event.data.playerId];
    case 'guild.archived':
      return 'everyone';
    default:
      return [];
  }
}

/** Whom an event of the guild may have taken a permission from. */
export function whoLosesRights(event: GuildEventRow): Affected {
  switch (event.type) {
    case 'guild.member.promoted':
    case 'guild.member.demoted':
      return [event.data.playerId];
    case 'guild.leadership.transferred':
      return [event.data.playerId, event.data.previousLeaderId];
    case 'guild.rank.updated':
    case 'guild.rank.deleted':
      return 'everyone';
    default:
      return whoLeaves(event);
  }
}
