import { partyAfter } from '../membership/resolvers.ts';
import type { Resolvers } from '../schema.generated.ts';
import { updateParty } from './actions.ts';

export const settings: Resolvers = {
  Mutation: {
    partyUpdate: (_root, { input }, context) => partyAfter(context, updateParty(context, input)),
  },
};
