import { defineLoaders, type Makers, many, one, PrimedLoader } from '@fellowship/graphql';
import type { Viewer } from '@fellowship/identity';
import { paged } from '@fellowship/pagination';
import type { Reads } from '@fellowship/postgres';
import DataLoader from 'dataloader';
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

/** What a request may read, for whom. */
interface Scope {
  readonly reads: Reads;
  readonly viewerId: string;
  /** The viewer's scopes, by which services see what is not theirs. */
  readonly scopes: readonly string[];
  readonly now: Date;
}

/** What others prime. */
interface Primed {
  readonly party: PrimedLoader<PartyRow | null>;
}

/** One statement a kind, whatever the number of things. */
const makers = {
  /** A party the viewer may see. */
  party: ({ reads, viewerId, now }) =>
    new PrimedLoader<PartyRow | null>(async (ids) =>
      one(ids, await visibleParties(reads, { ids, viewerId, now }), (row) => row.id),
    ),
  /** A player's party, if the viewer may see it there. */
  partyOf: ({ reads, viewerId }, loaders) =>
    new DataLoader<string, PartyRow | null>(async (playerIds) => {
      const rows = await partiesOfPlayers(reads, { playerIds, viewerId });
      for (const row of rows) loaders.party.prime(row.id, row);
      return one(playerIds, rows, (row) => row.playerId);
    }),
  /** A party's members, longest-standing first. */
  membersOf: ({ reads }) =>
    new DataLoader<string, MemberRow[]>(async (partyIds) =>
      many(partyIds, await membersOfParties(reads, partyIds), (row) => row.partyId),
    ),
  /** A party's pending invitations, newest first. */
  invitesOf: ({ reads, now }) =>
    new DataLoader<string, InviteRow[]>(async (partyIds) =>
      many(partyIds, await pendingOfParties(reads, { partyIds, now }), (row) => row.partyId),
    ),
  /** A message the viewer may see. */
  message: ({ reads, viewerId }) =>
    new DataLoader<string, MessageRow | null>(async (ids) =>
      one(ids, await visibleMessages(reads, { ids, viewerId }), (row) => row.id),
    ),
  /** A party's messages, newest first, whoever asks. */
  messagesOf: ({ reads }) =>
    paged(async (parentIds, page) =>
      many(parentIds, await messagesOfParties(reads, { parentIds, page }), (row) => row.partyId),
    ),
  /** A shared quest the viewer may see, as a service any. */
  quest: ({ reads, viewerId, scopes }) =>
    new DataLoader<string, QuestRow | null>(async (ids) =>
      one(
        ids,
        await visibleQuests(reads, { ids, viewerId, any: scopes.includes('service:quest') }),
        (row) => row.id,
      ),
    ),
  /** The quests a party is at, in the order they were shared, whoever asks. */
  questsOf: ({ reads }) =>
    new DataLoader<string, QuestRow[]>(async (partyIds) =>
      many(partyIds, await activeQuestsOfParties(reads, partyIds), (row) => row.partyId),
    ),
  /** A party's ended quests, latest shared first, whoever asks. */
  questHistoryOf: ({ reads }) =>
    paged(async (parentIds, page) =>
      many(parentIds, await endedQuestsOfParties(reads, { parentIds, page }), (row) => row.partyId),
    ),
  /** A quest's objectives in their order, whoever asks. */
  objectivesOf: ({ reads }) =>
    new DataLoader<string, ObjectiveRow[]>(async (questIds) =>
      many(questIds, await objectivesOfQuests(reads, questIds), (row) => row.questId),
    ),
  /** A ready check the viewer may see. */
  readyCheck: ({ reads, viewerId, now }) =>
    new DataLoader<string, ReadyCheckRow | null>(async (ids) =>
      one(ids, await visibleReadyChecks(reads, { ids, viewerId, now }), (row) => row.id),
    ),
  /** A party's latest ready check, whoever asks. */
  readyCheckOf: ({ reads, now }) =>
    new DataLoader<string, ReadyCheckRow | null>(async (partyIds) =>
      one(partyIds, await latestReadyChecks(reads, { partyIds, now }), (row) => row.partyId),
    ),
  /** Whom a ready check asks, longest-standing first, whoever asks. */
  readyAnswersOf: ({ reads }) =>
    new DataLoader<string, ReadyAnswerRow[]>(async (readyCheckIds) =>
      many(readyCheckIds, await answersOfReadyChecks(reads, readyCheckIds), (row) => row.readyCheckId),
    ),
  /** A queue entry the viewer may see, as a service any. */
  queueEntry: ({ reads, viewerId, scopes }) =>
    new DataLoader<string, QueueEntryRow | null>(async (ids) =>
      one(
        ids,
        await visibleQueueEntries(reads, { ids, viewerId, any: scopes.includes('service:matchmaking') }),
        (row) => row.id,
      ),
    ),
  /** A party's latest queue entry, whoever asks. */
  queueEntryOf: ({ reads }) =>
    new DataLoader<string, QueueEntryRow | null>(async (partyIds) =>
      one(partyIds, await latestQueueEntries(reads, partyIds), (row) => row.partyId),
    ),
  /** A drop the viewer may see, as a service any. */
  lootDrop: ({ reads, viewerId, scopes }) =>
    new DataLoader<string, LootDropRow | null>(async (ids) =>
      one(
        ids,
        await visibleDrops(reads, { ids, viewerId, any: scopes.includes('service:combat') }),
        (row) => row.id,
      ),
    ),
  /** The drops of a party the viewer is in, newest first. */
  lootDropsOf: ({ reads, viewerId }) =>
    paged(async (parentIds, page) =>
      many(parentIds, await dropsOfParties(reads, { parentIds, page, viewerId }), (row) => row.partyId),
    ),
  /** An item the viewer may see, as a service any. */
  lootItem: ({ reads, viewerId, scopes }) =>
    new DataLoader<string, LootItemRow | null>(async (ids) =>
      one(
        ids,
        await visibleItems(reads, { ids, viewerId, any: scopes.includes('service:combat') }),
        (row) => row.id,
      ),
    ),
  /** A drop's items in their order, whoever asks. */
  lootItemsOf: ({ reads }) =>
    new DataLoader<string, LootItemRow[]>(async (dropIds) =>
      many(dropIds, await itemsOfDrops(reads, dropIds), (row) => row.dropId),
    ),
  /** An item's candidates, their votes as far as the viewer may see them. */
  lootCandidatesOf: ({ reads, viewerId }) =>
    new DataLoader<string, LootCandidateRow[]>(async (itemIds) =>
      many(itemIds, await candidatesOfItems(reads, { itemIds, viewerId }), (row) => row.itemId),
    ),
  /** An invitation, whoever asks. */
  invite: ({ reads, now }) =>
    new DataLoader<string, InviteRow | null>(async (ids) =>
      one(ids, await invitesById(reads, { ids, now }), (row) => row.id),
    ),
} satisfies Makers<Scope, Primed>;

const loadersOf = defineLoaders<Scope, typeof makers>(makers);

/** Made anew for every request. */
export const createLoaders = (reads: Reads, { playerId: viewerId, scopes }: Viewer, now: Date) =>
  loadersOf({ reads, viewerId, scopes, now });

export type Loaders = ReturnType<typeof createLoaders>;
