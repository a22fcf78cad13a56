import { idOf } from '@fellowship/graphql';
import { and, eq } from 'drizzle-orm';
import type { Commander, Context, Tx } from '../context.ts';
import { deny, denyIf } from '../denials.ts';
import { partyLog } from '../events.ts';
import { enterParty, enterPartyOf, lockActiveParty } from '../membership/state.ts';
import type { QuestRow } from '../rows.ts';
import type {
  PartyObjectiveReportInput,
  PartyQuestAbandonInput,
  PartyQuestShareInput,
} from '../schema.generated.ts';
import { isActive, questObjectives, questReports, quests } from '../tables/index.ts';
import { lineFrom, numberFrom } from '../texts.ts';
import {
  activeQuestsOfParties,
  objectivesOfQuests,
  partyIdOf,
  questOfReport,
  visibleQuests,
} from './queries.ts';
import { mayAbandon, mayShare, progressBy } from './rules.ts';
import { longest, objectivesFrom, range } from './values.ts';

/** Shares a quest. Returns its id, here and below. */
export const shareQuest = (context: Context, input: PartyQuestShareInput): Promise<string> =>
  context.command('partyQuestShare', input, async (tx) => {
    const { playerId: sharerId } = context.viewer;
    const { id: partyId } = await enterParty(tx, input.partyId, sharerId);
    const key = lineFrom(input.questKey, longest.key, ['questKey']);
    const title = lineFrom(input.title, longest.title, ['title']);
    const objectives = objectivesFrom(input.objectives);
    denyIf(mayShare(await activeQuestsOfParties(tx, [partyId]), key));
    const id = context.newId();
    await tx.db.insert(quests).values({ id, partyId, key, title, sharerId, sharedAt: tx.now });
    await tx.db
      .insert(questObjectives)
      .values(objectives.map((objective, place) => ({ questId: id, place, ...objective })));
    tell(tx, 'party:quest-shared', { id, partyId, key });
    return id;
  });

export const abandonQuest = (context: Context, input: PartyQuestAbandonInput): Promise<string> =>
  context.command('partyQuestAbandon', input, async (tx) => {
    const { playerId: viewerId } = context.viewer;
    const questId = idOf(input.questId) ?? deny('QUEST_NOT_FOUND');
    const find = () => visibleQuests(tx, { ids: [questId], viewerId, any: false });
    const { party, thing: quest } = await enterPartyOf(tx, find, 'QUEST_NOT_FOUND');
    denyIf(mayAbandon(party, quest, viewerId));
    await tx.db.update(quests).set({ status: 'ABANDONED', endedAt: tx.now }).where(eq(quests.id, questId));
    tell(tx, 'party:quest-abandoned', quest);
    return questId;
  });

/**
 * Counts what a player achieved towards the quest of their party, once for a report's id. Whoever calls has asked
 * whether they may: a service, or the bus (`quest:objective-completed`).
 */
export const reportObjective = (context: Commander, input: PartyObjectiveReportInput): Promise<string> =>
  context.command('partyObjectiveReport', input, async (tx) => {
    const report = reportFrom(input);
    const questKey = lineFrom(input.questKey, longest.key, ['questKey']);
    // First of all: waits for a parallel twin, whichever party it counts for, to commit or to roll back.
    const [first] = await tx.db
      .insert(questReports)
      .values({ ...report, reportedAt: tx.now })
      .onConflictDoNothing()
      .returning({ id: questReports.id });
    if (!first) return (await questOfReport(tx, report.id)) ?? deny('QUEST_NOT_FOUND');
    const quest = await lockQuestOf(tx, report.playerId, questKey);
    await count(tx, quest, report);
    await tx.db.update(questReports).set({ questId: quest.id }).where(eq(questReports.id, report.id));
    return quest.id;
  });

interface Report {
  readonly playerId: string;
  readonly objectiveKey: string;
  readonly amount: number;
}

function reportFrom({ reportId, playerId, objectiveKey, amount }: PartyObjectiveReportInput) {
  return {
    id: lineFrom(reportId, longest.reportId, ['reportId']),
    playerId: idOf(playerId) ?? deny('PARTY_NOT_FOUND', ['playerId']),
    objectiveKey: lineFrom(objectiveKey, longest.key, ['objectiveKey']),
    amount: numberFrom(amount ?? 1, range.amount, ['amount']),
  };
}

/** Locks the party that a player is in, and finds the quest that it is at. */
async function lockQuestOf(tx: Tx, playerId: string, key: string): Promise<QuestRow> {
  const partyId = await partyIdOf(tx, playerId);
  const party = partyId === null ? null : await lockActiveParty(tx, partyId);
  if (!party?.memberIds.includes(playerId)) deny('PARTY_NOT_FOUND', ['playerId']);
  const active = await activeQuestsOfParties(tx, [party.id]);
  return active.find((quest) => quest.key === key) ?? deny('QUEST_NOT_FOUND', ['questKey']);
}

/** The progress has no actor: nobody asked for it, and who achieved it is in the event. */
async function count(tx: Tx, quest: QuestRow, { playerId, objectiveKey, amount }: Report): Promise<void> {
  const objectives = await objectivesOfQuests(tx, [quest.id]);
  const step = progressBy(objectives, objectiveKey, amount) ?? deny('OBJECTIVE_NOT_FOUND', ['objectiveKey']);
  if (step.added === 0) return;
  const { completes, ...counted } = step;
  await tx.db
    .update(questObjectives)
    .set({ progress: counted.progress })
    .where(and(eq(questObjectives.questId, quest.id), eq(questObjectives.key, objectiveKey)));
  const data = { partyId: quest.partyId, questId: quest.id, questKey: quest.key };
  const told = { subject: partyLog(quest.partyId), byItself: true } as const;
  tx.emit({
    type: 'party:quest-progressed',
    ...told,
    data: { ...data, playerId, objectiveKey, ...counted },
  });
  if (!completes) return;
  await tx.db.update(quests).set({ status: 'COMPLETED', endedAt: tx.now }).where(eq(quests.id, quest.id));
  tx.emit({ type: 'party:quest-completed', ...told, data });
}

/** A party that disbands gives up what it was at. */
export async function abandonQuests(tx: Tx, partyId: string): Promise<void> {
  const abandoned = await tx.db
    .update(quests)
    .set({ status: 'ABANDONED', endedAt: tx.now })
    .where(and(eq(quests.partyId, partyId), isActive(quests)))
    .returning({ id: quests.id, partyId: quests.partyId, key: quests.key });
  for (const quest of abandoned) tell(tx, 'party:quest-abandoned', quest);
}

type Told = Pick<QuestRow, 'id' | 'partyId' | 'key'>;

function tell(tx: Tx, type: 'party:quest-shared' | 'party:quest-abandoned', quest: Told): void {
  const { id: questId, partyId, key: questKey } = quest;
  tx.emit({ type, subject: partyLog(partyId), data: { partyId, questId, questKey } });
}
