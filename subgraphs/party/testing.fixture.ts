import type { Viewer } from '@fellowship/identity';
import { type Data, startSubgraph, type TestSubgraph } from '../../test/kit/subgraph.ts';
import { createSubgraph } from './server.ts';

/** The party subgraph on a database of its own, and its mutations as one-liners. */
export async function startParty(differing?: Parameters<typeof startSubgraph>[2]) {
  const test = await startSubgraph('party', createSubgraph, differing);
  return { ...test, ...mutations(test) };
}

const party = 'party { id status leader { id } members { player { id } role isLeader } }';
const invite = 'invite { id status }';
const errors = 'errors { code path }';

function mutations({ run }: TestSubgraph) {
  const mutate =
    (name: string, payload: string) =>
    async (as: Viewer, input: object): Promise<Data> => {
      const type = `${name[0]?.toUpperCase()}${name.slice(1)}Input!`;
      const data = await run(
        as,
        `mutation ($input: ${type}) { ${name}(input: $input) { ${payload} ${errors} } }`,
        {
          input,
        },
      );
      return data[name];
    };
  return {
    create: mutate('partyCreate', party),
    join: mutate('partyJoin', party),
    leave: mutate('partyLeave', party),
    kick: mutate('partyKick', party),
    transfer: mutate('partyLeaderTransfer', party),
    setRole: mutate('partyRoleSet', party),
    disband: mutate('partyDisband', party),
    invite: mutate('partyInvite', invite),
    cancelInvite: mutate('partyInviteCancel', invite),
    declineInvite: mutate('partyInviteDecline', invite),
    acceptInvite: mutate('partyInviteAccept', party),
  };
}

/** Everything the subgraph holds, to compare before and after what must change nothing. */
export async function contents({ database: { sql } }: TestSubgraph): Promise<object> {
  return {
    parties: await sql`select * from party.parties order by id`,
    members: await sql`select * from party.members order by player_id`,
    invites: await sql`select * from party.invites order by id`,
    activity: await sql`select * from party.activity order by subject, sequence`,
    heads: await sql`select * from party.activity_heads order by subject`,
    commands: await sql`select * from party.commands order by key`,
  };
}
