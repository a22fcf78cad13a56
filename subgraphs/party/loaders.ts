import { Loader, many, one } from '@fellowship/graphql';
import type { Viewer } from '@fellowship/identity';
import { paged } from '@fellowship/pagination';
import type { Reads } from '@fellowship/postgres';
import { messagesOfParties, visibleMessages } from './chat/queries.ts';
import { invitesById, pendingOfParties } from './invites/queries.ts';
import {
  candidatesOfItems,
  dropsOfParties,
  itemsOfDrops,
  visibleDrops,
  visibleItems,
} from './loot/queries.ts';
import { membersOfParties, partiesOfPlayers, visibleParties } from './membership/queries.ts';
import {
  activeQuestsOfParties,
  endedQuestsOfParties,
  objectivesOfQuests,
  visibleQuests,
} from './quests/queries.ts';
import { latestQueueEntries, visibleQueueEntries } from './queue/queries.ts';
import { answersOfReadyChecks, latestReadyChecks, visibleReadyChecks } from './readiness/queries.ts';
import type {
  InviteRow,
  LootCandidateRow,
  LootDropRow,
  LootItemRow,
  MemberRow,
  MessageRow,
  ObjectiveRow,
  PartyRow,
  QuestRow,
  QueueEntryRow,
  ReadyAnswerRow,
  ReadyCheckRow,
} from './rows.ts';

/** One statement a kind, whatever the number of things; made anew for every request. */
export function createLoaders(reads: Reads, viewer: Viewer, now: Date) {
  const viewerId = viewer.playerId;
  const serves = (scope: string) => viewer.scopes.includes(scope);
  const party = new Loader<string, PartyRow | null>(async (ids) =>
    one(ids, await visibleParties(reads, { ids, viewerId, now }), (row) => row.id),
  );
  return {
    /** A party the viewer may see. */
    party,
    /** A player's party, if the viewer may see it there. */
    partyOf: new Loader<string, PartyRow | null>(async (playerIds) => {
      const rows = await partiesOfPlayers(reads, { playerIds, viewerId });
      for (const row of rows) party.prime(row.id, row);
      return one(playerIds, rows, (row) => row.playerId);
    }),
    /** A party's members, longest-standing first. */
    membersOf: new Loader<string, MemberRow[]>(async (partyIds) =>
      many(partyIds, await membersOfParties(reads, partyIds), (row) => row.partyId),
    ),
    /** A party's pending invitations, newest first. */
    invitesOf: new Loader<string, InviteRow[]>(async (partyIds) =>
      many(partyIds, await pendingOfParties(reads, { partyIds, now }), (row) => row.partyId),
    ),
    /** A message the viewer may see. */
    message: new Loader<string, MessageRow | null>(async (ids) =>
      one(ids, await visibleMessages(reads, { ids, viewerId }), (row) => row.id),
    ),
    /** A party's messages, newest first, whoever asks. */
    messagesOf: paged(async (parentIds, page) =>
      many(parentIds, await messagesOfParties(reads, { parentIds, page }), (row) => row.partyId),
    ),
    /** A shared quest the viewer may see, as a service any. */
    quest: new Loader<string, QuestRow | null>(async (ids) =>
      one(ids, await visibleQuests(reads, { ids, viewerId, any: serves('service:quest') }), (row) => row.id),
    ),
    /** The quests a party is at, in the order they were shared, whoever asks. */
    questsOf: new Loader<string, QuestRow[]>(async (partyIds) =>
      many(partyIds, await activeQuestsOfParties(reads, partyIds), (row) => row.partyId),
    ),
    /** A party's ended quests, latest shared first, whoever asks. */
    questHistoryOf: paged(async (parentIds, page) =>
      many(parentIds, await endedQuestsOfParties(reads, { parentIds, page }), (row) => row.partyId),
    ),
    /** A quest's objectives in their order, whoever asks. */
    objectivesOf: new Loader<string, ObjectiveRow[]>(async (questIds) =>
      many(questIds, await objectivesOfQuests(reads, questIds), (row) => row.questId),
    ),
    /** A ready check the viewer may see. */
    readyCheck: new Loader<string, ReadyCheckRow | null>(async (ids) =>
      one(ids, await visibleReadyChecks(reads, { ids, viewerId, now }), (row) => row.id),
    ),
    /** A party's latest ready check, whoever asks. */
    readyCheckOf: new Loader<string, ReadyCheckRow | null>(async (partyIds) =>
      one(partyIds, await latestReadyChecks(reads, { partyIds, now }), (row) => row.partyId),
    ),
    /** Whom a ready check asks, longest-standing first, whoever asks. */
    readyAnswersOf: new Loader<string, ReadyAnswerRow[]>(async (readyCheckIds) =>
      many(readyCheckIds, await answersOfReadyChecks(reads, readyCheckIds), (row) => row.readyCheckId),
    ),
    /** A queue entry the viewer may see, as a service any. */
    queueEntry: new Loader<string, QueueEntryRow | null>(async (ids) =>
      one(
        ids,
        await visibleQueueEntries(reads, { ids, viewerId, any: serves('service:matchmaking') }),
        (row) => row.id,
      ),
    ),
    /** A party's latest queue entry, whoever asks. */
    queueEntryOf: new Loader<string, QueueEntryRow | null>(async (partyIds) =>
      one(partyIds, await latestQueueEntries(reads, partyIds), (row) => row.partyId),
    ),
    /** A drop the viewer may see, as a service any. */
    lootDrop: new Loader<string, LootDropRow | null>(async (ids) =>
      one(ids, await visibleDrops(reads, { ids, viewerId, any: serves('service:combat') }), (row) => row.id),
    ),
    /** The drops of a party the viewer is in, newest first. */
    lootDropsOf: paged(async (parentIds, page) =>
      many(parentIds, await dropsOfParties(reads, { parentIds, page, viewerId }), (row) => row.partyId),
    ),
    /** An item the viewer may see, as a service any. */
    lootItem: new Loader<string, LootItemRow | null>(async (ids) =>
      one(ids, await visibleItems(reads, { ids, viewerId, any: serves('service:combat') }), (row) => row.id),
    ),
    /** A drop's items in their order, whoever asks. */
    lootItemsOf: new Loader<string, LootItemRow[]>(async (dropIds) =>
      many(dropIds, await itemsOfDrops(reads, dropIds), (row) => row.dropId),
    ),
    /** An item's candidates, their votes as far as the viewer may see them. */
    lootCandidatesOf: new Loader<string, LootCandidateRow[]>(async (itemIds) =>
      many(itemIds, await candidatesOfItems(reads, { itemIds, viewerId }), (row) => row.itemId),
    ),
    /** An invitation, whoever asks. */
    invite: new Loader<string, InviteRow | null>(async (ids) =>
      one(ids, await invitesById(reads, { ids, now }), (row) => row.id),
    ),
  };
}

export type Loaders = ReturnType<typeof createLoaders>;
