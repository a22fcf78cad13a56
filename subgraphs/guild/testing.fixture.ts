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
    invite: mutate('guildInviteCreate', invite),
    revoke: mutate('guildInviteRevoke', invite),
    accept: mutate('guildInviteAccept', guild),
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
  return {
    guilds: await sql`select * from guild.guilds order by id`,
    ranks: await sql`select * from guild.ranks order by guild_id, level`,
    members: await sql`select * from guild.members order by guild_id, player_id`,
    invites: await sql`select * from guild.invites order by id`,
    activity: await sql`select * from guild.activity order by subject, sequence`,
    heads: await sql`select * from guild.activity_heads order by subject`,
    commands: await sql`select * from guild.commands order by key`,
  };
}
