import { type Makers, many, one } from '@fellowship/graphql';
import { paged } from '@fellowship/pagination';
import DataLoader from 'dataloader';
import type { Scope } from '../loaders.ts';
import type { MessageRow } from '../rows.ts';
import { messagesByIds, messagesOfGuilds } from './queries.ts';

/** What the viewer may read of chats. */
export const chatLoaders = {
  message: ({ reads, viewerId }) =>
    new DataLoader<string, MessageRow | null>(async (ids) =>
      one(ids, await messagesByIds(reads, { ids, viewerId }), ({ id }) => id),
    ),
  /** A page of each channel, newest first. */
  messagesOf: (scope) => ({ GUILD: ofChannel(scope, 'GUILD'), OFFICER: ofChannel(scope, 'OFFICER') }),
} satisfies Makers<Scope>;

function ofChannel({ reads, viewerId }: Scope, channel: 'GUILD' | 'OFFICER') {
  return paged<MessageRow>(async (guildIds, page) => {
    const rows = await messagesOfGuilds(reads, { guildIds, channel, viewerId, page });
    return many(guildIds, rows, ({ guildId }) => guildId);
  });
}
