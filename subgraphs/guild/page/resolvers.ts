import { answer } from '@fellowship/command';
import type { PageRow } from '../rows.ts';
import type { GuildErrorCode, Resolvers } from '../schema.generated.ts';
import { updatePage } from './actions.ts';
import { htmlOf } from './markdown.ts';

export const page: Resolvers = {
  Guild: {
    page: ({ id }, _args, { loaders }) => loaders.page.load(id),
  },

  GuildPage: {
    html: ({ body }) => htmlOf(body),
    updatedBy: ({ editorId }) => (editorId === null ? null : { id: editorId }),
  },

  Mutation: {
    guildPageUpdate: (_root, { input }, context) =>
      answer<'page', PageRow, GuildErrorCode>('page', async () => {
        const guildId = await updatePage(context, input);
        return context.loaders.page.load(guildId);
      }),
  },
};
