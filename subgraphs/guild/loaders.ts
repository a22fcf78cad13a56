import { areAll, defineLoaders, type Makers, many, one, PrimedLoader } from '@fellowship/graphql';
import type { Viewer } from '@fellowship/identity';
import { type Page, paged } from '@fellowship/pagination';
import type { Reads } from '@fellowship/postgres';
import DataLoader from 'dataloader';
import { applicationsByIds, pendingOfGuilds } from './applications/queries.ts';
import { auditOfGuilds } from './audit/queries.ts';
import { bankLoaders } from './bank/loaders.ts';
import { bansByKeys, bansOfGuilds } from './bans/queries.ts';
import { calendarLoaders } from './calendar/loaders.ts';
import { chatLoaders } from './chat/loaders.ts';
import { visibleGuilds } from './guilds/queries.ts';
import { type Onlooker, onlookerOf } from './guilds/visibility.ts';
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
  PageRow,
  PostRow,
  RankRow,
} from './rows.ts';
import type { GuildPostKind } from './schema.generated.ts';

/** What a request may read, for whom. */
export interface Scope {
  readonly reads: Reads;
  readonly onlooker: Onlooker;
  readonly viewerId: string;
  readonly now: Date;
}

/** What others prime. */
interface Primed {
  readonly guild: PrimedLoader<GuildRow | null>;
}

/** One statement a kind, whatever the number of things. All of them give only what the viewer may see. */
const makers = {
  guild: ({ reads, onlooker }) =>
    new PrimedLoader<GuildRow | null>(async (ids) =>
      one(ids, await visibleGuilds(reads, { ...onlooker, ids }), ({ id }) => id),
    ),
  /** A guild's ranks, highest first. */
  ranksOf: ({ reads, onlooker }) =>
    new DataLoader<string, RankRow[]>(async (guildIds) =>
      many(guildIds, await ranksOfGuilds(reads, { ...onlooker, guildIds }), ({ guildId }) => guildId),
    ),
  /** A player's membership in a guild. */
  member: ({ reads, onlooker }) =>
    new DataLoader<MemberKey, MemberRow | null, string>(
      async (keys) => one(keys.map(nameOf), await membersByKeys(reads, { ...onlooker, keys }), nameOf),
      { cacheKeyFn: nameOf },
    ),
  /** A page of a guild's members, longest-standing first. */
  membersOf: ({ reads, onlooker }) =>
    paged<MemberRow>(async (guildIds, page) =>
      many(guildIds, await membersOfGuilds(reads, { ...onlooker, guildIds, page }), ({ guildId }) => guildId),
    ),
  /** A page of a player's memberships, longest-standing first. */
  membershipsOf: ({ reads, onlooker }, loaders) =>
    paged<MemberRow>(async (playerIds, page) => {
      const rows = await membershipsOfPlayers(reads, { ...onlooker, playerIds, page });
      if (areAll(page.columns, 'guild')) {
        for (const { guildId, guild } of rows) if (guild) loaders.guild.prime(guildId, guild);
      }
      return many(playerIds, rows, ({ playerId }) => playerId);
    }),
  /** A page of a guild's open invites, newest first. */
  invitesOf: ({ reads, viewerId, now }) =>
    paged<InviteRow>(async (guildIds, page) => {
      const rows = await openInvitesOfGuilds(reads, { viewerId, guildIds, now, page });
      return many(guildIds, rows, ({ guildId }) => guildId);
    }),
  ...bankLoaders,
  ...chatLoaders,
  ...calendarLoaders,
  /** A page of what waits for an answer, longest-waiting first. */
  applicationsOf: ({ reads, viewerId }) =>
    paged<ApplicationRow>(async (guildIds, page) =>
      many(guildIds, await pendingOfGuilds(reads, { viewerId, guildIds, page }), ({ guildId }) => guildId),
    ),
  application: ({ reads, viewerId }) =>
    new DataLoader<string, ApplicationRow | null>(async (ids) =>
      one(ids, await applicationsByIds(reads, { viewerId, ids }), ({ id }) => id),
    ),
  /** A page of a guild's bans, latest first. */
  bansOf: ({ reads, viewerId }) =>
    paged<BanRow>(async (guildIds, page) =>
      many(guildIds, await bansOfGuilds(reads, { viewerId, guildIds, page }), ({ guildId }) => guildId),
    ),
  ban: ({ reads, viewerId }) =>
    new DataLoader<MemberKey, BanRow | null, string>(
      async (keys) => one(keys.map(nameOf), await bansByKeys(reads, { viewerId, keys }), nameOf),
      { cacheKeyFn: nameOf },
    ),
  /** A guild's page. */
  page: ({ reads, onlooker }) =>
    new DataLoader<string, PageRow | null>(async (guildIds) =>
      one(guildIds, await pagesOfGuilds(reads, { ...onlooker, guildIds }), ({ guildId }) => guildId),
    ),
  /** A page of a guild's posts, newest first. */
  postsOf: (scope) => {
    const of = {
      ALL: posts(scope, null),
      NEWS: posts(scope, 'NEWS'),
      RECRUITMENT: posts(scope, 'RECRUITMENT'),
    };
    return (kind: GuildPostKind | 'ALL', page: Page) => of[kind](page);
  },
  post: ({ reads, onlooker }) =>
    new DataLoader<string, PostRow | null>(async (ids) =>
      one(ids, await postsByIds(reads, { ...onlooker, ids }), ({ id }) => id),
    ),
  /** A page of a guild's audit log, newest first. */
  auditOf: ({ reads, viewerId }) =>
    paged<AuditRow>(async (guildIds, page) =>
      many(guildIds, await auditOfGuilds(reads, { viewerId, guildIds, page }), ({ guildId }) => guildId),
    ),
  invite: ({ reads, viewerId, now }) =>
    new DataLoader<string, InviteRow | null>(async (ids) =>
      one(ids, await invitesByIds(reads, { viewerId, ids, now }), ({ id }) => id),
    ),
} satisfies Makers<Scope, Primed>;

const loadersOf = defineLoaders<Scope, typeof makers>(makers);

/** Made anew for every request. */
export const createLoaders = (reads: Reads, viewer: Viewer, now: Date) =>
  loadersOf({ reads, onlooker: onlookerOf(viewer), viewerId: viewer.playerId, now });

export type Loaders = ReturnType<typeof createLoaders>;

function posts({ reads, onlooker }: Scope, kind: GuildPostKind | null) {
  return paged<PostRow>(async (guildIds, page) =>
    many(
      guildIds,
      await postsOfGuilds(reads, { ...onlooker, guildIds, kind, page }),
      ({ guildId }) => guildId,
    ),
  );
}

const nameOf = ({ guildId, playerId }: MemberKey) => `${guildId} ${playerId}`;
