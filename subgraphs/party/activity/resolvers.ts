import { cursorOf } from '@fellowship/activity';
import { idOf } from '@fellowship/graphql';
import { connection, pageSize } from '@fellowship/pagination';
import type { Context } from '../context.ts';
import { endsMembership, inboxLog, type PartyEvent, type PartyEventRow, partyLog } from '../events.ts';
import { visibleInvite } from '../invites/resolvers.ts';
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
  'party:disbanded': 'PartyDisbanded',
} as const satisfies Record<PartyEvent['type'], string>;

/** What every event answers. */
const common = {
  cursor: (row: PartyEventRow) => cursorOf(row),
  actor: ({ actorId }: PartyEventRow) => (actorId === null ? null : { id: actorId }),
  party: ({ data }: PartyEventRow, _args: object, { loaders }: Context) => loaders.party.load(data.partyId),
};

const player = ({ data }: { readonly data: { readonly playerId: string } }) => ({ id: data.playerId });

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
  PartyDisbanded: { ...common, partyId: ({ data }) => data.partyId },

  Subscription: {
    partyActivity: {
      subscribe: (_root, { partyId, after }, context) => {
        const id = idOf(partyId);
        return context.activity.stream({
          tenantId: context.viewer.tenantId,
          subject: partyLog(id ?? ''),
          after,
          mayRead: async () => id !== null && (await isStillMember(context, id)),
          affectsAccess: ({ type }) => endsMembership.has(type),
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
          mayRead: async () => true,
          affectsAccess: () => false,
        }),
      resolve: (row: PartyEventRow) => row,
    },
  },
};
