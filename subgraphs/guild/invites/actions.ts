import { idOf } from '@fellowship/graphql';
import { eq, sql } from 'drizzle-orm';
import { record } from '../audit/record.ts';
import type { Context } from '../context.ts';
import { deny, denyIf } from '../denials.ts';
import { guildLog } from '../events.ts';
import { lockGuild } from '../guilds/queries.ts';
import { enterGuild } from '../guilds/state.ts';
import { onlookerOf } from '../guilds/visibility.ts';
import { addMember } from '../membership/actions.ts';
import { membersByKeys } from '../membership/queries.ts';
import { mayJoin } from '../membership/rules.ts';
import { ranksOfGuilds } from '../ranks/queries.ts';
import type { RankRow } from '../rows.ts';
import type {
  GuildInviteAcceptInput,
  GuildInviteCreateInput,
  GuildInviteRevokeInput,
} from '../schema.generated.ts';
import { invites } from '../tables/index.ts';
import { creatorOf } from './access.ts';
import { codeOf } from './codes.ts';
import { inviteByCode, invitesByIds } from './queries.ts';
import { mayInvite, mayRevoke, mayUse, mostUses } from './rules.ts';

/** Returns the invite's id. */
export const createInvite = (context: Context, input: GuildInviteCreateInput): Promise<string> =>
  context.command('guildInviteCreate', input, async (tx) => {
    const { viewer } = context;
    const { guild, actor } = await enterGuild(tx, viewer, input.guildId);
    const ranks = await ranksOfGuilds(tx, { ...onlookerOf(viewer), guildIds: [guild.id] });
    const rankId = typeof input.rankId === 'string' ? idOf(input.rankId) : undefined;
    const isChosen = ({ id, kind }: RankRow) => (rankId === undefined ? kind === 'RECRUIT' : id === rankId);
    const chosen = ranks.find(isChosen) ?? null;
    denyIf(mayInvite(actor, chosen));
    const rank = chosen ?? deny('RANK_NOT_FOUND', ['rankId']);
    const maxUses = input.maxUses ?? null;
    if (maxUses !== null && (maxUses < 1 || maxUses > mostUses)) deny('INVALID_INPUT', ['maxUses']);
    const expiresAt = input.expiresAt ?? null;
    if (expiresAt !== null && expiresAt <= tx.now) deny('INVALID_INPUT', ['expiresAt']);

    const id = context.newId();
    await tx.db.insert(invites).values({
      id,
      guildId: guild.id,
      code: context.newInviteCode(),
      creatorId: viewer.playerId,
      rankId: rank.id,
      maxUses,
      expiresAt,
      createdAt: tx.now,
    });
    const data = { guildId: guild.id, inviteId: id };
    tx.emit({ type: 'guild.invite.created', subject: guildLog(guild.id), data });
    const after = { rank: rank.name, maxUses, expiresAt };
    await record(tx, context, { guildId: guild.id, action: 'INVITE_CREATED', subjectId: id, after });
    return id;
  });

/** Returns the invite's id. */
export const revokeInvite = (context: Context, input: GuildInviteRevokeInput): Promise<string> =>
  context.command('guildInviteRevoke', input, async (tx) => {
    const { playerId: viewerId } = context.viewer;
    const id = idOf(input.inviteId) ?? deny('INVITE_NOT_FOUND');
    const find = async () => {
      const [invite] = await invitesByIds(tx, { ids: [id], viewerId, now: tx.now });
      return invite ?? deny('INVITE_NOT_FOUND');
    };
    const { guildId } = await find();
    const { actor } = await enterGuild(tx, context.viewer, guildId);
    const { status } = await find();
    denyIf(mayRevoke(actor, status));
    await tx.db.update(invites).set({ revokedAt: tx.now }).where(eq(invites.id, id));
    tx.emit({ type: 'guild.invite.revoked', subject: guildLog(guildId), data: { guildId, inviteId: id } });
    await record(tx, context, { guildId, action: 'INVITE_REVOKED', subjectId: id });
    return id;
  });

/** Returns the guild's id. */
export const acceptInvite = (context: Context, input: GuildInviteAcceptInput): Promise<string> =>
  context.command('guildInviteAccept', input, async (tx) => {
    const { viewer } = context;
    const code = codeOf(input.code) ?? deny('INVITE_NOT_FOUND');
    const find = async () =>
      (await inviteByCode(tx, { code, viewerId: viewer.playerId, now: tx.now })) ?? deny('INVITE_NOT_FOUND');
    // The invite says which guild to hold; how often it was used is read once that is held.
    const { guildId } = await find();
    const guild = (await lockGuild(tx, guildId)) ?? deny('INVITE_NOT_FOUND');
    const { id, status, rank, creatorId } = await find();
    const creator = await creatorOf(tx, { guildId, creatorId });
    const keys = [{ guildId, playerId: viewer.playerId }];
    const [member = null] = await membersByKeys(tx, { ...onlookerOf(viewer), keys });
    denyIf(mayUse(status, creator, rank) ?? mayJoin(guild, member));
    await tx.db
      .update(invites)
      .set({ uses: sql`${invites.uses} + 1` })
      .where(eq(invites.id, id));
    await addMember(tx, guildId, viewer.playerId, rank);
    return guildId;
  });
