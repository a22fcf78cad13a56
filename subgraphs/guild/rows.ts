import type { InferSelectModel } from 'drizzle-orm';
import type { GuildInviteStatus } from './schema.generated.ts';
import type { guilds, invites, members, ranks } from './tables.ts';

/** Rows as queries give them; the tenant is the database's business. */
export type GuildRow = Omit<InferSelectModel<typeof guilds>, 'tenantId'>;
export type RankRow = Omit<InferSelectModel<typeof ranks>, 'tenantId'>;

export interface MemberRow extends Omit<InferSelectModel<typeof members>, 'tenantId' | 'rankId'> {
  readonly rank: RankRow;
}

export interface InviteRow
  extends Omit<InferSelectModel<typeof invites>, 'tenantId' | 'rankId' | 'revokedAt'> {
  readonly rank: RankRow;
  /** At the time the row was asked for. */
  readonly status: GuildInviteStatus;
}

/** What a code shows of a guild that its holder may not see. */
export interface InvitePreviewRow extends Pick<InviteRow, 'code' | 'guildId' | 'expiresAt'> {
  readonly guildName: string;
}

/** A player is an id: profiles are not kept here. */
export interface PlayerRow {
  readonly id: string;
}
