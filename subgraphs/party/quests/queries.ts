import { query, type Reads } from '@fellowship/postgres';
import { and, asc, desc, eq, or, sql } from 'drizzle-orm';
import { isOwn } from '../membership/queries.ts';
import { belowId, fromNewestId, limit, type PageOfEach, parentId, parents } from '../paging.ts';
import type { ObjectiveRow, QuestRow } from '../rows.ts';
import { hasEnded, isActive, members, questObjectives, questReports, quests } from '../tables/index.ts';

const columns = {
  id: quests.id,
  partyId: quests.partyId,
  key: quests.key,
  title: quests.title,
  sharerId: quests.sharerId,
  status: quests.status,
  sharedAt: quests.sharedAt,
  endedAt: quests.endedAt,
};

const visible = query('quests_visible', (db) =>
  db
    .select(columns)
    .from(quests)
    .where(
      and(
        sql`${quests.id} = any(${sql.placeholder('ids')}::uuid[])`,
        or(sql`${sql.placeholder('any')}::boolean`, isOwn(db, quests.partyId)),
      ),
    ),
);

/** Those of the quests that the viewer may see: those of their party, or with `any` all there are. */
export const visibleQuests = (
  reads: Reads,
  by: { ids: readonly string[]; viewerId: string; any: boolean },
): Promise<QuestRow[]> => reads.run(visible, by);

const active = query('quests_active_of_parties', (db) =>
  db
    .select(columns)
    .from(quests)
    .where(and(sql`${quests.partyId} = any(${sql.placeholder('partyIds')}::uuid[])`, isActive(quests)))
    .orderBy(asc(quests.id)),
);

/** The quests the parties are at, in the order they were shared. Asks nobody's leave, like all below. */
export const activeQuestsOfParties = (reads: Reads, partyIds: readonly string[]): Promise<QuestRow[]> =>
  reads.run(active, { partyIds });

const ended = query('quests_ended_of_parties', (db) => {
  const page = db
    .select(columns)
    .from(quests)
    .where(and(eq(quests.partyId, parentId), hasEnded(quests), belowId(quests.id)))
    .orderBy(desc(quests.id))
    .limit(limit)
    .as('page');
  return db.select(page._.selectedFields).from(parents).crossJoinLateral(page).orderBy(desc(page.id));
});

/** A page of each party's completed and abandoned quests, latest shared first, and one row more. */
export const endedQuestsOfParties = (reads: Reads, { parentIds, page }: PageOfEach): Promise<QuestRow[]> =>
  reads.run(ended, { parentIds, ...fromNewestId(page) });

const objectives = query('objectives_of_quests', (db) =>
  db
    .select({
      questId: questObjectives.questId,
      key: questObjectives.key,
      place: questObjectives.place,
      title: questObjectives.title,
      target: questObjectives.target,
      progress: questObjectives.progress,
    })
    .from(questObjectives)
    .where(sql`${questObjectives.questId} = any(${sql.placeholder('questIds')}::uuid[])`)
    .orderBy(asc(questObjectives.place)),
);

/** The quests' objectives in their order. */
export const objectivesOfQuests = (reads: Reads, questIds: readonly string[]): Promise<ObjectiveRow[]> =>
  reads.run(objectives, { questIds });

const reported = query('quest_report', (db) =>
  db
    .select({ questId: questReports.questId })
    .from(questReports)
    .where(eq(questReports.id, sql.placeholder('id'))),
);

/** The quest that a report counted for; null when it has not come yet. */
export async function questOfReport(reads: Reads, id: string): Promise<string | null> {
  const [report] = await reads.run(reported, { id });
  return report?.questId ?? null;
}

const partyOf = query('party_id_of_player', (db) =>
  db
    .select({ partyId: members.partyId })
    .from(members)
    .where(eq(members.playerId, sql.placeholder('playerId'))),
);

/** The id of the party a player is in. */
export async function partyIdOf(reads: Reads, playerId: string): Promise<string | null> {
  const [member] = await reads.run(partyOf, { playerId });
  return member?.partyId ?? null;
}
