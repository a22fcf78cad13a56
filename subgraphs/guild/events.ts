import type { ActivityRow } from '@fellowship/activity';

/** Every event the guild subgraph publishes, spelled as on the bus. */
export type GuildEvent =
  | { readonly type: 'guild.created'; readonly data: OfGuild }
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
  | { readonly type: 'guild.invite.revoked'; readonly data: OfInvite };

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

/** Without the code, which is not for all who read the log. */
interface OfInvite extends OfGuild {
  readonly inviteId: string;
}

/** The GraphQL type of each event. */
export const eventTypes = {
  'guild.created': 'GuildCreated',
  'guild.updated': 'GuildUpdated',
  'guild.member.joined': 'GuildMemberJoined',
  'guild.member.left': 'GuildMemberLeft',
  'guild.member.kicked': 'GuildMemberKicked',
  'guild.member.promoted': 'GuildMemberPromoted',
  'guild.member.demoted': 'GuildMemberDemoted',
  'guild.leadership.transferred': 'GuildLeadershipTransferred',
  'guild.invite.created': 'GuildInviteCreated',
  'guild.invite.revoked': 'GuildInviteRevoked',
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

/** The log of what concerns a player, which only the player reads. */
export const inboxLog = (playerId: string): string => `player:${playerId}`;

/** Events after which a member may have lost the guild. */
export const endsMembership: ReadonlySet<GuildEvent['type']> = new Set([
  'guild.member.left',
  'guild.member.kicked',
]);
