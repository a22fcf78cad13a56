import type { Resolvers } from '../schema.generated.ts';
import { missingFor } from './missing.ts';

export const composition: Resolvers = {
  Party: {
    composition: (party) => party,
  },

  PartyComposition: {
    missing: (party, { activity }, { activities }) => missingFor(activities, party, activity ?? null),
  },
};
