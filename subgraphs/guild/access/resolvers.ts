import { idOf } from '@fellowship/graphql';
import { GraphQLError } from 'graphql';
import { grantOf } from '../ranks/permissions.ts';
import type { Resolvers } from '../schema.generated.ts';
import { permissionsIn } from './queries.ts';

const scope = 'service:access';

export const access: Resolvers = {
  Query: {
    guildAccess: async (_root, { guildId: scopeId, playerId }, { viewer, reads }) => {
      if (!viewer.scopes.includes(scope)) {
        throw new GraphQLError(`Needs ${scope}`, { extensions: { code: 'FORBIDDEN' } });
      }
      const [guild, player] = [idOf(scopeId), idOf(playerId)];
      const held =
        guild === null || player === null
          ? []
          : await permissionsIn(reads, { guildId: guild, playerId: player });
      return {
        scopeType: 'GUILD',
        scopeId,
        playerId,
        keys: held.map((permission) => grantOf(permission).key),
      };
    },
  },
};
