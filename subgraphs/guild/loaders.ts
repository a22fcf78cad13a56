import { Loader, many, one } from '@fellowship/graphql';
import type { Viewer } from '@fellowship/identity';
import { type Page, paged } from '@fellowship/pagination';
import type { Reads } from '@fellowship/postgres';
import { applicationsByIds, pendingOfGuilds } from './applications/queries.ts';
import { auditOfGuilds } from './audit/queries.ts';
import { bankLoaders } from './bank/loaders.ts';
import { bansByKeys, bansOfGuilds } from './bans/queries.ts';
import { calendarLoaders } from './calendar/loaders.ts';
import { chatLoaders } from './chat/loaders.ts';
import { visibleGuilds } from './guilds/queries.ts';
import { onlookerOf } from './guilds/visibility.ts';
import { invitesByIds, openInvitesOfGuilds } from './invites/queries.ts';
import {
  type MemberKey,
  membersByKeys,
  membershipsOfPlayers,
  membersOfGuilds,
} from './membership/queries.ts';
import { pagesOfGuilds } from './page/queries.ts';
import { postsByIds, postsOfGuilds } from './posts/queries.ts';
import { ranksOfGuilds } from './ranks/queries.ts';
import type {
  ApplicationRow,
  AuditRow,
  BanRow,
  GuildRow,
  InviteRow,
  MemberRow,
  MembershipRow,
  PageRow,
  PostRow,
  RankRow,
} from './rows.ts';
import type { GuildPostKind } from './schema.generated.ts';

/**
 * One statement a kind, whatever the number of things; made anew for every request. All of them give only what
 * the viewer may see.
 */
export function createLoaders(reads: Reads, viewer: Viewer, now: Date) {
  const onlooker = onlookerOf(viewer);
  const { viewerId } = onlooker;
  const posts = (kind: GuildPostKind | null) =>
    paged<PostRow>(async (guildIds, page) =>
      many(
        guildIds,
        await postsOfGuilds(reads, { ...onlooker, guildIds, kind, page }),
        ({ guildId }) => guildId,
      ),
    );
  const guild = new Loader<string, GuildRow | null>(async (ids) =>
    one(ids, await visibleGuilds(reads, { ...onlooker, ids }), ({ id }) => id),
  );
  const pagesOfPosts = { ALL: posts(null), NEWS: posts('NEWS'), RECRUITMENT: posts('RECRUITMENT') };
  return {
    guild,
    /** A guild's ranks, highest first. */
    ranksOf: new Loader<string, RankRow[]>(async (guildIds) =>
      many(guildIds, await ranksOfGuilds(reads, { ...onlooker, guildIds }), ({ guildId }) => guildId),
    ),
    /** A player's membership in a guild. */
    member: new Loader<MemberKey, MemberRow | null, string>(
      async (keys) => one(keys.map(nameOf), await membersByKeys(reads, { ...onlooker, keys }), nameOf),
      { cacheKeyFn: nameOf },
    ),
    /** A page of a guild's members, longest-standing first. */
    membersOf: paged<MemberRow>(async (guildIds, page) =>
      many(guildIds, await membersOfGuilds(reads, { ...onlooker, guildIds, page }), ({ guildId }) => guildId),
    ),
    /** A page of a player's memberships, longest-standing first. */
    membershipsOf: paged<MembershipRow>(async (playerIds, page) => {
      const rows = await membershipsOfPlayers(reads, { ...onlooker, playerIds, page });
      for (const row of rows) guild.prime(row.guildId, row.guild);
      return many(playerIds, rows, ({ playerId }) => playerId);
    }),
    /** A page of a guild's open invites, newest first. */
    invitesOf: paged<InviteRow>(async (guildIds, page) => {
      const rows = await openInvitesOfGuilds(reads, { viewerId: viewer.playerId, guildIds, now, page });
      return many(guildIds, rows, ({ guildId }) => guildId);
    }),
    ...bankLoaders(reads, viewer.playerId, now),
    ...chatLoaders(reads, viewer.playerId),
    ...calendarLoaders(reads, viewer.playerId),
    /** A page of what waits for an answer, longest-waiting first. */
    applicationsOf: paged<ApplicationRow>(async (guildIds, page) =>
      many(guildIds, await pendingOfGuilds(reads, { viewerId, guildIds, page }), ({ guildId }) => guildId),
    ),
    application: new Loader<string, ApplicationRow | null>(async (ids) =>
      one(ids, await applicationsByIds(reads, { viewerId, ids }), ({ id }) => id),
    ),
    /** A page of a guild's bans, latest first. */
    bansOf: paged<BanRow>(async (guildIds, page) =>
      many(guildIds, await bansOfGuilds(reads, { viewerId, guildIds, page }), ({ guildId }) => guildId),
    ),
    ban: new Loader<MemberKey, BanRow | null, string>(
      async (keys) => one(keys.map(nameOf), await bansByKeys(reads, { viewerId, keys }), nameOf),
      { cacheKeyFn: nameOf },
    ),
    /** A guild's page. */
    page: new Loader<string, PageRow | null>(async (guildIds) =>
      one(guildIds, await pagesOfGuilds(reads, { ...onlooker, guildIds }), ({ guildId }) => guildId),
    ),
    /** A page of a guild's posts, newest first. */
    postsOf: (kind: GuildPostKind | 'ALL', page: Page) => pagesOfPosts[kind](page),
    post: new Loader<string, PostRow | null>(async (ids) =>
      one(ids, await postsByIds(reads, { ...onlooker, ids }), ({ id }) => id),
    ),
    /** A page of a guild's audit log, newest first. */
    auditOf: paged<AuditRow>(async (guildIds, page) =>
      many(guildIds, await auditOfGuilds(reads, { viewerId, guildIds, page }), ({ guildId }) => guildId),
    ),
    invite: new Loader<string, InviteRow | null>(async (ids) =>
      one(ids, await invitesByIds(reads, { viewerId: viewer.playerId, ids, now }), ({ id }) => id),
    ),
  };
}

export type Loaders = ReturnType<typeof createLoaders>;

const nameOf = ({ guildId, playerId }: MemberKey) => `${guildId} ${playerId}`;
