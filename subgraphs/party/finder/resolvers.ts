import { connection, encode, pageOf, uuidKey } from '@fellowship/pagination';
import type { Resolvers } from '../schema.generated.ts';
import { joinableParties } from './queries.ts';

export const finder: Resolvers = {
  Query: {
    parties: async (_root, { activity = null, missingRole: role = null, ...args }, context) => {
      const { reads, activities, loaders } = context;
      const page = pageOf(args, [uuidKey]);
      const rows = await joinableParties(reads, { activity, role, activities, page });
      for (const row of rows) loaders.party.prime(row.id, row);
      return connection(rows, page, ({ id }) => encode([id]));
    },
  },
};
