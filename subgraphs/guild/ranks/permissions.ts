import type { GuildPermission, GuildRankKind } from '../schema.generated.ts';

/**
 * The permissions, and which of the system ranks has them: PRODUCT.md's table, kept in its shape. Ranks of a new
 * guild are made of it; what a rank may do is then in its row.
 */
const table: Readonly<Record<GuildPermission, readonly [key: string, lowest: GuildRankKind]>> = {
  READ: ['guild.read', 'RECRUIT'],
  MEMBERS_READ: ['guild.members.read', 'RECRUIT'],
  PAGE_READ: ['guild.page.read', 'RECRUIT'],
  CHAT: ['guild.chat', 'RECRUIT'],
  BANK_DEPOSIT: ['guild.bank.deposit', 'MEMBER'],
  INVITE: ['guild.members.invite', 'VETERAN'],
  BANK_WITHDRAW: ['guild.bank.withdraw', 'VETERAN'],
  KICK: ['guild.members.kick', 'OFFICER'],
  REVIEW_APPLICATIONS: ['guild.applications.review', 'OFFICER'],
  OFFICER_CHAT: ['guild.chat.officer', 'OFFICER'],
  MODERATE_CHAT: ['guild.chat.moderate', 'OFFICER'],
  PAGE_EDIT: ['guild.page.edit', 'OFFICER'],
  NEWS_CREATE: ['guild.news.create', 'OFFICER'],
  MANAGE_EVENTS: ['guild.events.manage', 'OFFICER'],
  READ_AUDIT: ['guild.audit.read', 'OFFICER'],
  PROMOTE: ['guild.members.promote', 'LEADER'],
  MANAGE_RANKS: ['guild.roles.manage', 'LEADER'],
  MANAGE_BANK: ['guild.bank.manage', 'LEADER'],
  EDIT_INFO: ['guild.manage', 'LEADER'],
  DISBAND: ['guild.disband', 'LEADER'],
};

const permissions = Object.keys(table) as GuildPermission[];

/** The system ranks, highest first. Their levels never change. */
export const systemRanks: readonly {
  readonly kind: GuildRankKind;
  readonly level: number;
  readonly name: string;
}[] = [
  { kind: 'LEADER', level: 5, name: 'Leader' },
  { kind: 'OFFICER', level: 4, name: 'Officer' },
  { kind: 'VETERAN', level: 3, name: 'Veteran' },
  { kind: 'MEMBER', level: 2, name: 'Member' },
  { kind: 'RECRUIT', level: 1, name: 'Recruit' },
];

const levelOf = (kind: GuildRankKind) => systemRanks.find((rank) => rank.kind === kind)?.level ?? 0;

/** What a system rank of a new guild may do: each rank what those below it may, and more. */
export function permissionsOf(kind: GuildRankKind): GuildPermission[] {
  return permissions.filter((permission) => levelOf(kind) >= levelOf(table[permission][1]));
}

/** Permissions, each once, in the order of the table. */
export const inOrder = (given: readonly GuildPermission[]): GuildPermission[] =>
  permissions.filter((permission) => given.includes(permission));

/** A permission with the key by which other services know it, e.g. `guild.members.kick`. */
export function grantOf(permission: GuildPermission): { permission: GuildPermission; key: string } {
  return { permission, key: table[permission][0] };
}
