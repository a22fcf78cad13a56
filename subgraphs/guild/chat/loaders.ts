import { Loader, many, one } from '@fellowship/graphql';
import { paged } from '@fellowship/pagination';
import type { Reads } from '@fellowship/postgres';
import type { MessageRow } from '../rows.ts';
import { messagesByIds, messagesOfGuilds } from './queries.ts';

/** What the viewer may read of chats. */
export function chatLoaders(reads: Reads, viewerId: string) {
  return {
    message: new Loader<string, MessageRow | null>(async (ids) =>
      one(ids, await messagesByIds(reads, { ids, viewerId }), ({ id }) => id),
    ),
    /** A page of each channel, newest first. */
    messagesOf: { GUILD: ofChannel('GUILD'), OFFICER: ofChannel('OFFICER') },
  };

  function ofChannel(channel: 'GUILD' | 'OFFICER') {
    return paged<MessageRow>(async (guildIds, page) => {
      const rows = await messagesOfGuilds(reads, { guildIds, channel, viewerId, page });
      return many(guildIds, rows, ({ guildId }) => guildId);
    });
  }
}
