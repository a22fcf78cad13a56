import { many, one } from '@fellowship/graphql';
import type { Viewer } from '@fellowship/identity';
import type { Page } from '@fellowship/pagination';
import type { Reads } from '@fellowship/postgres';
import DataLoader from 'dataloader';
import { visibleGuilds } from './guilds/queries.ts';
import { onlookerOf } from './guilds/visibility.ts';
import { invitesByIds, openInvitesOfGuilds } from './invites/queries.ts';
import {
  type MemberKey,
  membersByKeys,
  membershipsOfPlayers,
  membersOfGuilds,
} from './membership/queries.ts';
import { ranksOfGuilds } from './ranks/queries.ts';
import type { GuildRow, InviteRow, MemberRow, RankRow } from './rows.ts';

/**
 * One statement a kind, whatever the number of things; made anew for every request. All of them give only what
 * the viewer may see.
 */
export function createLoaders(reads: Reads, viewer: Viewer, now: Date) {
  const onlooker = onlookerOf(viewer);
  return {
    guild: new DataLoader<string, GuildRow | null>(async (ids) =>
      one(ids, await visibleGuilds(reads, { ...onlooker, ids }), ({ id }) => id),
    ),
    /** A guild's ranks, highest first. */
    ranksOf: new DataLoader<string, RankRow[]>(async (guildIds) =>
      many(guildIds, await ranksOfGuilds(reads, { ...onlooker, guildIds }), ({ guildId }) => guildId),
    ),
    /** A player's membership in a guild. */
    member: new DataLoader<MemberKey, MemberRow | null, string>(
      async (keys) => one(keys.map(nameOf), await membersByKeys(reads, { ...onlooker, keys }), nameOf),
      { cacheKeyFn: nameOf },
    ),
    /** A page of a guild's members, longest-standing first. */
    membersOf: paged<MemberRow>(async (guildIds, page) =>
      many(guildIds, await membersOfGuilds(reads, { ...onlooker, guildIds, page }), ({ guildId }) => guildId),
    ),
    /** A page of a player's memberships, longest-standing first. */
    membershipsOf: paged<MemberRow>(async (playerIds, page) =>
      many(
        playerIds,
        await membershipsOfPlayers(reads, { ...onlooker, playerIds, page }),
        ({ playerId }) => playerId,
      ),
    ),
    /** A page of a guild's open invites, newest first. */
    invitesOf: paged<InviteRow>(async (guildIds, page) => {
      const rows = await openInvitesOfGuilds(reads, { viewerId: viewer.playerId, guildIds, now, page });
      return many(guildIds, rows, ({ guildId }) => guildId);
    }),
    invite: new DataLoader<string, InviteRow | null>(async (ids) =>
      one(ids, await invitesByIds(reads, { viewerId: viewer.playerId, ids, now }), ({ id }) => id),
    ),
  };
}

export type Loaders = ReturnType<typeof createLoaders>;

const nameOf = ({ guildId, playerId }: MemberKey) => `${guildId} ${playerId}`;

/** A loader for each page that is asked for: a field asks every parent in a list for the same one. */
function paged<Row>(load: (ids: readonly string[], page: Page) => Promise<Row[][]>) {
  const loaders = new Map<string, DataLoader<string, Row[]>>();
  return (page: Page): DataLoader<string, Row[]> => {
    const name = JSON.stringify([page.first, page.after]);
    const loader = loaders.get(name) ?? new DataLoader<string, Row[]>((ids) => load(ids, page));
    loaders.set(name, loader);
    return loader;
  };
}
