import { answer } from '@fellowship/command';
import { idOf } from '@fellowship/graphql';
import type { Context } from '../context.ts';
import type { PartyRow } from '../rows.ts';
import type { PartyErrorCode, Resolvers } from '../schema.generated.ts';
import {
  createParty,
  disbandParty,
  joinParty,
  kickMember,
  leaveParty,
  setRole,
  transferLead,
} from './actions.ts';

/** Answers a command with its party as it is now, if the viewer still sees it. */
export const partyAfter = (context: Context, command: Promise<string>) =>
  answer<'party', PartyRow, PartyErrorCode>('party', async () => {
    const id = await command;
    return context.loaders.party.load(id);
  });

export const membership: Resolvers = {
  Query: {
    me: (_root, _args, { viewer }) => ({ id: viewer.playerId }),
    player: (_root, { id }) => player(idOf(id)),
    party: (_root, { id }, { loaders }) => partyById(loaders, id),
  },

  Player: {
    __resolveReference: ({ id }) => player(idOf(id)),
    party: ({ id }, _args, { loaders }) => loaders.partyOf.load(id),
  },

  Party: {
    __resolveReference: ({ id }, { loaders }) => partyById(loaders, id),
    leader: ({ leaderId }) => player(leaderId),
    members: ({ id }, _args, { loaders }) => loaders.membersOf.load(id),
  },

  PartyMember: {
    player: ({ playerId }) => ({ id: playerId }),
    isLeader: async ({ partyId, playerId }, _args, { loaders }) =>
      (await loaders.party.load(partyId))?.leaderId === playerId,
  },

  Mutation: {
    partyCreate: (_root, { input }, context) => partyAfter(context, createParty(context, input)),
    partyJoin: (_root, { input }, context) => partyAfter(context, joinParty(context, input)),
    partyLeave: (_root, { input }, context) => partyAfter(context, leaveParty(context, input)),
    partyKick: (_root, { input }, context) => partyAfter(context, kickMember(context, input)),
    partyLeaderTransfer: (_root, { input }, context) => partyAfter(context, transferLead(context, input)),
    partyRoleSet: (_root, { input }, context) => partyAfter(context, setRole(context, input)),
    partyDisband: (_root, { input }, context) => partyAfter(context, disbandParty(context, input)),
  },
};

const player = (id: string | null) => (id === null ? null : { id });

function partyById(loaders: Context['loaders'], id: string): Promise<PartyRow | null> | null {
  const partyId = idOf(id);
  return partyId === null ? null : loaders.party.load(partyId);
}
