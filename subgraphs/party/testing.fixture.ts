import { startSubgraph, type TestSubgraph } from '../../test/kit/subgraph.ts';
import { createSubgraph } from './server.ts';

/** The party subgraph on a database of its own, and its mutations as one-liners. */
export async function startParty(differing?: Parameters<typeof startSubgraph>[2]) {
  const test = await startSubgraph('party', createSubgraph, differing);
  return { ...test, ...mutations(test) };
}

const party = 'party { id status leader { id } members { player { id } role isLeader } }';
const invite = 'invite { id status }';

function mutations({ mutation }: TestSubgraph) {
  return {
    create: mutation('partyCreate', party),
    join: mutation('partyJoin', party),
    leave: mutation('partyLeave', party),
    kick: mutation('partyKick', party),
    transfer: mutation('partyLeaderTransfer', party),
    setRole: mutation('partyRoleSet', party),
    disband: mutation('partyDisband', party),
    invite: mutation('partyInvite', invite),
    cancelInvite: mutation('partyInviteCancel', invite),
    declineInvite: mutation('partyInviteDecline', invite),
    acceptInvite: mutation('partyInviteAccept', party),
  };
}
