import { idOf } from '@fellowship/graphql';
import { linesOf } from '@fellowship/text';
import { eq } from 'drizzle-orm';
import { reasonOf } from '../audit/reason.ts';
import { record } from '../audit/record.ts';
import type { Context, Tx } from '../context.ts';
import { deny, denyIf } from '../denials.ts';
import { guildLog, inboxLog } from '../events.ts';
import { lockGuild } from '../guilds/queries.ts';
import { enterGuild } from '../guilds/state.ts';
import { onlookerOf } from '../guilds/visibility.ts';
import { addMember, systemRank } from '../membership/actions.ts';
import { ranksOfGuilds } from '../ranks/queries.ts';
import type { ApplicationRow } from '../rows.ts';
import type {
  GuildApplicationApproveInput,
  GuildApplicationRejectInput,
  GuildApplicationWithdrawInput,
  GuildApplyInput,
} from '../schema.generated.ts';
import { applications } from '../tables/index.ts';
import { applicationsByIds, hasPending } from './queries.ts';
import { isUndecided, mayApply, mayApprove, mayDecide } from './rules.ts';

const longestMessage = 1_000;

/** Returns the application's id, here and below. */
export const apply = (context: Context, input: GuildApplyInput): Promise<string> =>
  context.command('guildApply', input, async (tx) => {
    const { playerId } = context.viewer;
    const { guild, actor } = await enterGuild(tx, context.viewer, input.guildId);
    const key = { guildId: guild.id, playerId };
    denyIf(mayApply(guild, actor, await hasPending(tx, key)));
    const message = linesOf(input.message ?? '', 0, longestMessage) ?? deny('INVALID_INPUT', ['message']);
    const id = context.newId();
    await tx.db.insert(applications).values({ id, ...key, message, status: 'PENDING', createdAt: tx.now });
    const data = { ...key, applicationId: id };
    tx.emit({ type: 'guild.application.submitted', subject: guildLog(guild.id), data });
    return id;
  });

export const withdrawApplication = (
  context: Context,
  input: GuildApplicationWithdrawInput,
): Promise<string> =>
  context.command('guildApplicationWithdraw', input, async (tx) => {
    const { playerId } = context.viewer;
    const { guildId } = await findApplication(tx, context, input.applicationId);
    // Whether the applicant still sees the guild or not.
    await lockGuild(tx, guildId);
    const application = await findApplication(tx, context, input.applicationId);
    if (application.playerId !== playerId) deny('APPLICATION_NOT_FOUND');
    denyIf(isUndecided(application.status));
    await tx.db
      .update(applications)
      .set({ status: 'WITHDRAWN', decidedAt: tx.now })
      .where(eq(applications.id, application.id));
    const data = { guildId, playerId, applicationId: application.id };
    tx.emit({ type: 'guild.application.withdrawn', subject: guildLog(guildId), data });
    return application.id;
  });

export const approveApplication = (context: Context, input: GuildApplicationApproveInput): Promise<string> =>
  context.command('guildApplicationApprove', input, async (tx) => {
    const { viewer } = context;
    const { guild, actor, target, application } = await enterForApplication(tx, context, input.applicationId);
    denyIf(mayApprove(guild, actor, target, application.status));
    const { id, guildId, playerId } = application;
    await tx.db
      .update(applications)
      .set({ status: 'APPROVED', deciderId: viewer.playerId, decidedAt: tx.now })
      .where(eq(applications.id, id));
    const ranks = await ranksOfGuilds(tx, { ...onlookerOf(viewer), guildIds: [guildId] });
    await addMember(tx, guildId, playerId, systemRank(ranks, 'RECRUIT'));
    tx.emit({
      type: 'guild.application.approved',
      subject: guildLog(guildId),
      copies: [inboxLog(playerId)],
      data: { guildId, playerId, applicationId: id },
    });
    const action = 'APPLICATION_APPROVED';
    await record(tx, context, { guildId, action, targetId: playerId, subjectId: id });
    return id;
  });

export const rejectApplication = (context: Context, input: GuildApplicationRejectInput): Promise<string> =>
  context.command('guildApplicationReject', input, async (tx) => {
    const { actor, application } = await enterForApplication(tx, context, input.applicationId);
    denyIf(mayDecide(actor, application.status));
    const reason = reasonOf(input.reason);
    const { id, guildId, playerId } = application;
    await tx.db
      .update(applications)
      .set({ status: 'REJECTED', reason, deciderId: context.viewer.playerId, decidedAt: tx.now })
      .where(eq(applications.id, id));
    tx.emit({
      type: 'guild.application.rejected',
      subject: guildLog(guildId),
      copies: [inboxLog(playerId)],
      data: { guildId, playerId, applicationId: id },
    });
    const action = 'APPLICATION_REJECTED';
    await record(tx, context, { guildId, action, targetId: playerId, subjectId: id, reason });
    return id;
  });

/** An application with its guild locked; `target` is the applicant's membership. */
async function enterForApplication(tx: Tx, context: Context, applicationId: string) {
  const { guildId, playerId } = await findApplication(tx, context, applicationId);
  const entered = await enterGuild(tx, context.viewer, guildId, playerId);
  return { ...entered, application: await findApplication(tx, context, applicationId) };
}

/** One that is the viewer's own, or the viewer's to answer. */
async function findApplication(tx: Tx, { viewer }: Context, applicationId: string): Promise<ApplicationRow> {
  const id = idOf(applicationId) ?? deny('APPLICATION_NOT_FOUND');
  const [application] = await applicationsByIds(tx, { viewerId: viewer.playerId, ids: [id] });
  return application ?? deny('APPLICATION_NOT_FOUND');
}
