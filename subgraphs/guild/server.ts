import { randomInt } from 'node:crypto';
import { join } from 'node:path';
import { GraphQLBigInt } from '@fellowship/graphql';
import type { Subgraph } from '@fellowship/server';
import { createContext, createSchema, openStore, type SubgraphDeps } from '@fellowship/subgraph';
import { access } from './access/resolvers.ts';
import { activity as activityResolvers } from './activity/resolvers.ts';
import { applications } from './applications/resolvers.ts';
import { auditLog } from './audit/resolvers.ts';
import { bankActivity } from './bank/activity.ts';
import { bank } from './bank/resolvers.ts';
import { bans } from './bans/resolvers.ts';
import { calendar } from './calendar/resolvers.ts';
import { chat } from './chat/resolvers.ts';
import type { Context } from './context.ts';
import type { GuildEvent } from './events.ts';
import { guilds } from './guilds/resolvers.ts';
import { newCode } from './invites/codes.ts';
import { invites } from './invites/resolvers.ts';
import { createLoaders } from './loaders.ts';
import { membership } from './membership/resolvers.ts';
import { page } from './page/resolvers.ts';
import { posts } from './posts/resolvers.ts';
import { ranks } from './ranks/resolvers.ts';
import { activity, commands, heads, relays } from './tables/index.ts';

export interface GuildDeps extends SubgraphDeps {
  /** A whole number from 0 to below its argument, that nobody can predict: invite codes are made of it. */
  readonly randomInt?: (below: number) => number;
}

/** The guild subgraph on its database, which is migrated first. */
export async function createSubgraph(deps: GuildDeps): Promise<Subgraph> {
  const random = deps.randomInt ?? ((below) => randomInt(below));
  const store = await openStore<GuildEvent>(deps, {
    name: 'guild',
    schema: 'guild',
    migrations: join(import.meta.dirname, '../../drizzle/guild'),
    activity: { activity, heads, relays },
    commands,
    appendOnly: ['bank_ledger', 'audit'],
  });
  return {
    name: 'guild',
    schema: createSchema('guild', [
      { BigInt: GraphQLBigInt },
      guilds,
      membership,
      ranks,
      invites,
      applications,
      bans,
      page,
      posts,
      auditLog,
      activityResolvers,
      bank,
      bankActivity,
      chat,
      calendar,
      access,
    ]),
    context: (viewer): Context =>
      Object.assign(createContext(store, viewer, createLoaders), { newInviteCode: () => newCode(random) }),
    ready: () => store.database.ready(),
    close: () => store.close(),
  };
}
