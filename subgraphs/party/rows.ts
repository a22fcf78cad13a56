import type { InferSelectModel } from 'drizzle-orm';
import type { LootRounds, LootSettings } from './loot/rules.ts';
import type {
  invites,
  lootCandidates,
  lootDrops,
  lootItems,
  members,
  messages,
  parties,
  questObjectives,
  quests,
  queueEntries,
  readyAnswers,
  readyChecks,
} from './tables/index.ts';

/** Rows as queries give them; the tenant is the database's business. */
export type PartyRow = Omit<InferSelectModel<typeof parties>, 'tenantId'>;
export type MemberRow = Omit<InferSelectModel<typeof members>, 'tenantId' | 'standing'>;
export type InviteRow = Omit<InferSelectModel<typeof invites>, 'tenantId'>;
export type MessageRow = Omit<InferSelectModel<typeof messages>, 'tenantId'>;
export type QuestRow = Omit<InferSelectModel<typeof quests>, 'tenantId'>;
export type ObjectiveRow = Omit<InferSelectModel<typeof questObjectives>, 'tenantId'>;
export type ReadyCheckRow = Omit<InferSelectModel<typeof readyChecks>, 'tenantId'>;
export type ReadyAnswerRow = Omit<InferSelectModel<typeof readyAnswers>, 'tenantId'>;
export type QueueEntryRow = Omit<InferSelectModel<typeof queueEntries>, 'tenantId'>;

/** `Settings` as GraphQL has them, of a party or a drop. */
export type LootSettingsRow = LootSettings & { readonly partyId: string };
/** The seed is null until it is revealed: see `revealed` in loot/queries.ts. */
export type LootDropRow = Omit<
  InferSelectModel<typeof lootDrops>,
  'tenantId' | 'reportId' | 'seed' | 'revealedAt'
> & { readonly seed: string | null };
export type LootItemRow = Omit<InferSelectModel<typeof lootItems>, 'tenantId' | 'place'>;
/** The vote is null too while it is sealed: see `unsealed` in loot/queries.ts. */
export type LootCandidateRow = Omit<InferSelectModel<typeof lootCandidates>, 'tenantId'> & {
  readonly hasVoted: boolean;
};
export type LootRollRow = LootRounds[number][number];

/** A player is an id: profiles are not kept here. */
export interface PlayerRow {
  readonly id: string;
}
