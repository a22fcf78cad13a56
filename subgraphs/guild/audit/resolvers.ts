import { connection, encode, pageOf, uuidKey } from '@fellowship/pagination';
import type { Resolvers } from '../schema.generated.ts';
import { changesOf } from './changes.ts';

export const auditLog: Resolvers = {
  Guild: {
    auditLog: async ({ id }, args, { loaders }) => {
      const page = pageOf(args, [uuidKey]);
      return connection(await loaders.auditOf(page).load(id), page, ({ id }) => encode([id]));
    },
  },

  GuildAuditEntry: {
    actor: ({ actorId }) => ({ id: actorId }),
    target: ({ targetId }) => (targetId === null ? null : { id: targetId }),
    changes: ({ before, after }) => changesOf(before, after),
  },
};
