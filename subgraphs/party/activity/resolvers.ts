import { cursorOf } from '@fellowship/activity';
import { idOf } from '@fellowship/graphql';
import { connection, pageSize } from '@fellowship/pagination';
import type { Context } from '../context.ts';
import { inboxLog, type PartyEvent, type PartyEventRow, partyLog, whoLeaves } from '../events.ts';
import { visibleInvite } from '../invites/resolvers.ts';
import { roundsOf } from '../loot/resolvers.ts';
import { isMember, isStillMember } from '../membership/access.ts';
import type { PartyEventResolvers, Resolvers } from '../schema.generated.ts';

/** The GraphQL type of each event. */
const typeNames = {
  'party:created': 'PartyCreated',
  'party:member-joined': 'PartyMemberJoined',
  'party:member-left': 'PartyMemberLeft',
  'party:member-kicked': 'PartyMemberKicked',
  'party:leader-changed': 'PartyLeaderChanged',
  'party:role-set': 'PartyRoleSet',
  'party:invite-sent': 'PartyInviteSent',
  'party:invite-accepted': 'PartyInviteAccepted',
  'party:invite-declined': 'PartyInviteDeclined',
  'party:invite-cancelled': 'PartyInviteCancelled',
  'party:invite-expired': 'PartyInviteExpired',
  'party:loot-settings-set': 'PartyLootSettingsSet',
  'party:loot-dropped': 'PartyLootDropped',
  'party:loot-roll-cast': 'PartyLootRollCast',
  'party:loot-rolled': 'PartyLootRolled',
  'party:loot-released': 'PartyLootReleased',
  'party:loot-revealed': 'PartyLootRevealed',
  'party:loot-assigned': 'PartyLootAssigned',
  'party:loot-claimed': 'PartyLootClaimed',
  'party:updated': 'PartyUpdated',
  'party:message-posted': 'PartyMessagePosted',
  'party:message-deleted': 'PartyMessageDeleted',
  'party:quest-shared': 'PartyQuestShared',
  'party:quest-progressed': 'PartyQuestProgressed',
  'party:quest-completed': 'PartyQuestCompleted',
  'party:quest-abandoned': 'PartyQuestAbandoned',
  'party:ready-check-started': 'PartyReadyCheckStarted',
  'party:ready-check-answered': 'PartyReadyCheckAnswered',
  'party:ready-check-finished': 'PartyReadyCheckFinished',
  'party:queue-entered': 'PartyQueueEntered',
  'party:queue-left': 'PartyQueueLeft',
  'party:match-found': 'PartyMatchFound',
  'party:disbanded': 'PartyDisbanded',
} as const satisfies Record<PartyEvent['type'], string>;

/** What every event answers. */
const common = {
  cursor: (row: PartyEventRow) => cursorOf(row),
  actor: ({ actorId }: PartyEventRow) => (actorId === null ? null : { id: actorId }),
  party: ({ data }: PartyEventRow, _args: object, { loaders }: Context) => loaders.party.load(data.partyId),
};

const player = ({ data }: { readonly data: { readonly playerId: string } }) => ({ id: data.playerId });

const lootDrop = (
  { data }: { readonly data: { readonly dropId: string } },
  _args: object,
  { loaders }: Context,
) => loaders.lootDrop.load(data.dropId);
const lootItem = (
  { data }: { readonly data: { readonly itemId: string } },
  _args: object,
  { loaders }: Context,
) => loaders.lootItem.load(data.itemId);

type Of<Data> = { readonly data: Data };
const message = ({ data }: Of<{ readonly messageId: string }>, _args: object, { loaders }: Context) =>
  loaders.message.load(data.messageId);
const quest = ({ data }: Of<{ readonly questId: string }>, _args: object, { loaders }: Context) =>
  loaders.quest.load(data.questId);
const readyCheck = ({ data }: Of<{ readonly readyCheckId: string }>, _args: object, { loaders }: Context) =>
  loaders.readyCheck.load(data.readyCheckId);
const entry = ({ data }: Of<{ readonly entryId: string }>, _args: object, { loaders }: Context) =>
  loaders.queueEntry.load(data.entryId);

export const activity: Resolvers = {
  Party: {
    activity: async ({ id }, { first, after }, context) => {
      const page = { first: pageSize(first), after: after ?? null };
      const rows = (await isMember(context, id))
        ? await context.activity.page(context.reads, partyLog(id), {
            limit: page.first + 1,
            after: page.after,
          })
        : [];
      return connection(rows, page, cursorOf);
    },
  },

  PartyEvent: { __resolveType: ({ type }: PartyEventRow) => typeNames[type] } as PartyEventResolvers,
  PartyCreated: common,
  PartyMemberJoined: { ...common, player },
  PartyMemberLeft: { ...common, player },
  PartyMemberKicked: { ...common, player },
  PartyLeaderChanged: { ...common, leader: player },
  PartyRoleSet: { ...common, player, role: ({ data }) => data.role },
  PartyInviteSent: {
    ...common,
    player,
    invite: ({ data }, _args, context) => visibleInvite(context, data.inviteId),
  },
  PartyInviteAccepted: { ...common, player },
  PartyInviteDeclined: { ...common, player },
  PartyInviteCancelled: { ...common, player },
  PartyInviteExpired: { ...common, player },
  PartyLootSettingsSet: { ...common, settings: ({ data }) => data },
  PartyLootDropped: { ...common, drop: lootDrop },
  PartyLootRollCast: { ...common, item: lootItem, player },
  PartyLootRolled: {
    ...common,
    item: lootItem,
    winner: ({ data }) => ({ id: data.winnerId }),
    rounds: ({ data }) => roundsOf(data.rounds),
  },
  PartyLootReleased: { ...common, item: lootItem },
  PartyLootRevealed: {
    ...common,
    drop: lootDrop,
    commitment: ({ data }) => data.commitment,
    seed: ({ data }) => data.seed,
  },
  PartyLootAssigned: { ...common, item: lootItem, player },
  PartyLootClaimed: { ...common, item: lootItem, player },
  PartyUpdated: {
    ...common,
    joinPolicy: ({ data }) => data.joinPolicy,
    maxMembers: ({ data }) => data.maxMembers,
    goal: ({ data }) => data.goal,
  },
  PartyMessagePosted: { ...common, message },
  PartyMessageDeleted: { ...common, message },
  PartyQuestShared: { ...common, quest },
  PartyQuestProgressed: {
    ...common,
    quest,
    player,
    objectiveKey: ({ data }) => data.objectiveKey,
    added: ({ data }) => data.added,
    progress: ({ data }) => data.progress,
    target: ({ data }) => data.target,
  },
  PartyQuestCompleted: { ...common, quest },
  PartyQuestAbandoned: { ...common, quest },
  PartyReadyCheckStarted: { ...common, readyCheck },
  PartyReadyCheckAnswered: { ...common, readyCheck, player, answer: ({ data }) => data.answer },
  PartyReadyCheckFinished: { ...common, readyCheck, status: ({ data }) => data.status },
  PartyQueueEntered: { ...common, entry, activity: ({ data }) => data.activity },
  PartyQueueLeft: { ...common, entry, reason: ({ data }) => data.reason },
  PartyMatchFound: { ...common, entry, matchId: ({ data }) => data.matchId },
  PartyDisbanded: { ...common, partyId: ({ data }) => data.partyId },

  Subscription: {
    partyActivity: {
      subscribe: (_root, { partyId, after }, context) => {
        const id = idOf(partyId);
        return context.activity.stream({
          tenantId: context.viewer.tenantId,
          subject: partyLog(id ?? ''),
          after,
          reader: context.viewer.playerId,
          mayRead: async () => id !== null && (await isStillMember(context, id)),
          affectsAccess: whoLeaves,
        });
      },
      resolve: (row: PartyEventRow) => row,
    },
    partyInbox: {
      subscribe: (_root, { after }, { viewer, activity }) =>
        activity.stream({
          tenantId: viewer.tenantId,
          subject: inboxLog(viewer.playerId),
          after,
          reader: viewer.playerId,
          mayRead: async () => true,
          affectsAccess: () => [],
        }),
      resolve: (row: PartyEventRow) => row,
    },
  },
};
