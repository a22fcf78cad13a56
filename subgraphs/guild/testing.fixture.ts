import assert from 'node:assert/strict';
import type { Viewer } from '@fellowship/identity';
import { communityA, type Data, startSubgraph, type TestSubgraph, viewer } from '../../test/kit/subgraph.ts';
import { createSubgraph } from './server.ts';

export type TestGuild = Awaited<ReturnType<typeof startGuild>>;

/** The guild subgraph on a database of its own, its mutations as one-liners, and what tests often need. */
export async function startGuild(differing?: Parameters<typeof startSubgraph>[2]) {
  const test = await startSubgraph('guild', createSubgraph, differing);
  const calls = mutations(test);
  return { ...test, ...calls, ...shortcuts(test, calls) };
}

const guild = `guild {
  id communityId name slug description visibility recruiting leader { id } memberCount maxMembers
  members { nodes { player { id } rank { kind } } }
}`;
const member = 'member { player { id } rank { kind level } guild { id } }';
const invite = 'invite { id code status uses maxUses expiresAt rank { kind } creator { id } guild { id } }';

const rank = 'rank { id name level kind permissions { permission } }';
const application =
  'application { id status message reason player { id } decidedBy { id } guild { id } decidedAt }';
const page = 'page { version headline body html tags media { url caption } updatedBy { id } updatedAt }';
const post = 'post { id kind title body html version author { id } guild { id } }';

const tab = 'tab { id name items { key quantity } }';
const entry = 'entry { number kind player { id } amount balance tab { name } itemKey }';
const message = 'message { id channel author { id } body deletedBy { id } }';
const event =
  'event { id guild { id } title description startsAt durationMinutes timeZone recurrence creator { id } cancelledAt }';
const occurrence =
  'occurrence { event { id } startsAt endsAt goingCount maybeCount declinedCount viewerResponse }';

function mutations({ mutation }: TestSubgraph) {
  return {
    create: mutation('guildCreate', guild),
    update: mutation('guildUpdate', guild),
    leave: mutation('guildLeave', guild),
    transfer: mutation('guildLeadershipTransfer', guild),
    kick: mutation('guildMemberKick', guild),
    promote: mutation('guildMemberPromote', member),
    demote: mutation('guildMemberDemote', member),
    setRank: mutation('guildMemberRankSet', member),
    setNote: mutation('guildMemberNoteSet', 'member { player { id } note }'),
    ban: mutation('guildMemberBan', 'ban { player { id } bannedBy { id } reason }'),
    unban: mutation('guildMemberUnban', guild),
    archive: mutation('guildArchive', 'guildId'),
    restore: mutation('guildRestore', guild),
    createRank: mutation('guildRankCreate', rank),
    updateRank: mutation('guildRankUpdate', rank),
    deleteRank: mutation('guildRankDelete', guild),
    apply: mutation('guildApply', application),
    withdraw: mutation('guildApplicationWithdraw', application),
    approve: mutation('guildApplicationApprove', application),
    reject: mutation('guildApplicationReject', application),
    updatePage: mutation('guildPageUpdate', page),
    publish: mutation('guildPostPublish', post),
    updatePost: mutation('guildPostUpdate', post),
    deletePost: mutation('guildPostDelete', guild),
    invite: mutation('guildInviteCreate', invite),
    revoke: mutation('guildInviteRevoke', invite),
    accept: mutation('guildInviteAccept', guild),
    createTab: mutation('guildBankTabCreate', tab),
    updateTab: mutation('guildBankTabUpdate', tab),
    deposit: mutation('guildBankDeposit', entry),
    withdrawFromBank: mutation('guildBankWithdraw', entry),
    setLimit: mutation('guildBankLimitSet', 'rank { kind bankCurrencyLimit bankItemLimit }'),
    post: mutation('guildMessagePost', message),
    deleteMessage: mutation('guildMessageDelete', message),
    plan: mutation('guildEventCreate', event),
    replan: mutation('guildEventUpdate', event),
    callOff: mutation('guildEventCancel', event),
    respond: mutation('guildEventRespond', occurrence),
  };
}

const ranksOf = 'query ($id: ID!) { guild(id: $id) { ranks { id kind } } }';

function shortcuts(test: TestSubgraph, { create, invite, accept }: ReturnType<typeof mutations>) {
  let founded = 0;
  const rank = async (as: Viewer, id: string, kind: string): Promise<string> =>
    (await test.run(as, ranksOf, { id })).guild.ranks.find((rank: Data) => rank.kind === kind).id;
  return {
    /** A new guild of a leader, with a name of its own. Returns its id. */
    async found(leader: Viewer, input: object = {}): Promise<string> {
      founded += 1;
      const created = await create(leader, { communityId: communityA, name: `Guild ${founded}`, ...input });
      assert.deepEqual(created.errors, []);
      return created.guild.id;
    },
    /** A new member of the leader's guild. */
    async join(leader: Viewer, guildId: string, kind = 'RECRUIT', joiner = viewer()): Promise<Viewer> {
      const { code } = (await invite(leader, { guildId, rankId: await rank(leader, guildId, kind) })).invite;
      assert.deepEqual((await accept(joiner, { code })).errors, []);
      return joiner;
    },
    /** The id of a system rank. */
    rank,
  };
}
