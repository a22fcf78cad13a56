import type { InferSelectModel } from 'drizzle-orm';
import type { GuildInviteStatus } from './schema.generated.ts';
import type {
  applications,
  audit,
  bankItems,
  bankLedger,
  bankTabs,
  bans,
  calendarEvents,
  calendarResponses,
  guilds,
  invites,
  members,
  messages,
  pages,
  posts,
  ranks,
} from './tables/index.ts';

/** Rows as queries give them; the tenant is the database's business. */
export type GuildRow = Omit<InferSelectModel<typeof guilds>, 'tenantId'>;
export type RankRow = Omit<InferSelectModel<typeof ranks>, 'tenantId'>;

export type ApplicationRow = Omit<InferSelectModel<typeof applications>, 'tenantId'>;
export type BanRow = Omit<InferSelectModel<typeof bans>, 'tenantId'>;
export type PostRow = Omit<InferSelectModel<typeof posts>, 'tenantId'>;
export type AuditRow = Omit<InferSelectModel<typeof audit>, 'tenantId'>;

/** Before the first edit nobody has edited it. */
export interface PageRow extends Omit<InferSelectModel<typeof pages>, 'tenantId' | 'editorId' | 'updatedAt'> {
  readonly editorId: string | null;
  readonly updatedAt: Date | null;
}

export interface MemberRow extends Omit<InferSelectModel<typeof members>, 'tenantId' | 'rankId'> {
  readonly rank: RankRow;
  /** Where it came along. */
  readonly guild?: GuildRow;
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

/** A guild's bank, as one of its members sees it. */
export interface BankRow {
  readonly guildId: string;
  readonly currency: bigint;
  /** What the viewer withdrew today. */
  readonly withdrawnCurrency: bigint;
  readonly withdrawnItems: bigint;
}

export type BankTabRow = Omit<InferSelectModel<typeof bankTabs>, 'tenantId' | 'nameKey'>;
export type BankItemRow = Pick<InferSelectModel<typeof bankItems>, 'tabId' | 'key' | 'quantity'>;
export type BankEntryRow = Omit<InferSelectModel<typeof bankLedger>, 'tenantId'>;

/** Amounts as text: it comes as JSON. */
export interface BankDiscrepancyRow {
  readonly guildId: string;
  readonly tabId: string | null;
  readonly itemKey: string | null;
  readonly held: string;
  readonly ledger: string;
}

export type MessageRow = Omit<InferSelectModel<typeof messages>, 'tenantId'>;
export type CalendarEventRow = Omit<InferSelectModel<typeof calendarEvents>, 'tenantId'>;
export type CalendarResponseRow = Omit<InferSelectModel<typeof calendarResponses>, 'tenantId'>;

/** A taking place of an event. */
export interface CalendarOccurrenceRow {
  readonly event: CalendarEventRow;
  readonly startsAt: Date;
}
