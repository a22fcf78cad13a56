import assert from 'node:assert/strict';
import type { Viewer } from '@fellowship/identity';
import { communityA, type Data, startSubgraph, type TestSubgraph, viewer } from '../../test/kit/subgraph.ts';
import { createSubgraph } from './server.ts';

export type TestGuild = Awaited<ReturnType<typeof startGuild>>;

/** The guild subgraph on a database of its own, its mutations as one-liners, and what tests often need. */
export async function startGuild(differing?: Parameters<typeof startSubgraph>[2]) {
  const test = await startSubgraph('guild', createSubgraph, differing);
  const mutate = mutations(test);
  return { ...test, ...mutate, ...shortcuts(test, mutate) };
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

function mutations({ run }: TestSubgraph) {
  const mutate =
    (name: string, payload: string) =>
    async (as: Viewer, input: object): Promise<Data> => {
      const type = `${name[0]?.toUpperCase()}${name.slice(1)}Input!`;
      const source = `mutation ($input: ${type}) { ${name}(input: $input) { ${payload} errors { code path } } }`;
      return (await run(as, source, { input }))[name];
    };
  return {
    create: mutate('guildCreate', guild),
    update: mutate('guildUpdate', guild),
    leave: mutate('guildLeave', guild),
    transfer: mutate('guildLeadershipTransfer', guild),
    kick: mutate('guildMemberKick', guild),
    promote: mutate('guildMemberPromote', member),
    demote: mutate('guildMemberDemote', member),
    setRank: mutate('guildMemberRankSet', member),
    setNote: mutate('guildMemberNoteSet', 'member { player { id } note }'),
    ban: mutate('guildMemberBan', 'ban { player { id } bannedBy { id } reason }'),
    unban: mutate('guildMemberUnban', guild),
    archive: mutate('guildArchive', 'guildId'),
    restore: mutate('guildRestore', guild),
    createRank: mutate('guildRankCreate', rank),
    updateRank: mutate('guildRankUpdate', rank),
    deleteRank: mutate('guildRankDelete', guild),
    apply: mutate('guildApply', application),
    withdraw: mutate('guildApplicationWithdraw', application),
    approve: mutate('guildApplicationApprove', application),
    reject: mutate('guildApplicationReject', application),
    updatePage: mutate('guildPageUpdate', page),
    publish: mutate('guildPostPublish', post),
    updatePost: mutate('guildPostUpdate', post),
    deletePost: mutate('guildPostDelete', guild),
    invite: mutate('guildInviteCreate', invite),
    revoke: mutate('guildInviteRevoke', invite),
    accept: mutate('guildInviteAccept', guild),
    createTab: mutate('guildBankTabCreate', tab),
    updateTab: mutate('guildBankTabUpdate', tab),
    deposit: mutate('guildBankDeposit', entry),
    withdrawFromBank: mutate('guildBankWithdraw', entry),
    setLimit: mutate('guildBankLimitSet', 'rank { kind bankCurrencyLimit bankItemLimit }'),
    post: mutate('guildMessagePost', message),
    deleteMessage: mutate('guildMessageDelete', message),
    plan: mutate('guildEventCreate', event),
    replan: mutate('guildEventUpdate', event),
    callOff: mutate('guildEventCancel', event),
    respond: mutate('guildEventRespond', occurrence),
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
    /** Runs what a rule forbids: the code is right, and nothing in the database has changed. */
    async expectDenied(code: string, attempt: () => Promise<Data>): Promise<void> {
      const before = await contents(test);
      const { errors } = await attempt();
      assert.deepEqual(
        errors.map((error: Data) => error.code),
        [code],
      );
      assert.deepEqual(await contents(test), before);
    },
  };
}

/** Everything the subgraph holds, to compare before and after what must change nothing. */
async function contents({ database: { sql } }: TestSubgraph): Promise<object> {
  const tables = await sql<{ name: string }[]>`
    select table_name as name from information_schema.tables where table_schema = 'guild'`;
  const rows = tables.map(
    ({ name }) => sql`select to_jsonb(t) as row from ${sql(`guild.${name}`)} t order by to_jsonb(t)::text`,
  );
  return Promise.all(rows);
}
