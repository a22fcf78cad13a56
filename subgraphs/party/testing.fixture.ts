import { isDeepStrictEqual } from 'node:util';
import type { Viewer } from '@fellowship/identity';
import { expect } from 'vitest';
import { type Data, startSubgraph, type TestSubgraph, viewer } from '../../test/kit/subgraph.ts';
import type { PartyRole } from './schema.generated.ts';
import { createSubgraph, type PartyDeps } from './server.ts';

/** The party subgraph on a database of its own, and its mutations as one-liners. */
export async function startParty(differing: Partial<PartyDeps> = {}) {
  const test = await startSubgraph('party', (deps) => createSubgraph({ ...deps, ...differing }));
  const calls = mutations(test);
  return {
    ...test,
    ...calls,

    /** An OPEN party of players with these roles, the first of whom leads. */
    async form(roles: readonly (PartyRole | null)[], settings: object = {}) {
      const players = roles.map(() => viewer());
      const [leader, ...others] = players;
      if (!leader) throw new Error('a party has a leader');
      const created = await calls.create(leader, { joinPolicy: 'OPEN', role: roles[0], ...settings });
      const partyId: string = created.party.id;
      for (const [index, other] of others.entries()) {
        await calls.join(other, { partyId, role: roles[index + 1] });
      }
      return { partyId, players, leader };
    },

    /** The code with which something is refused. Throws when anything in the database has changed all the same. */
    async refusal(attempt: () => Promise<Data>): Promise<string> {
      const before = await test.contents();
      const [error] = (await attempt()).errors;
      if (!isDeepStrictEqual(await test.contents(), before))
        throw new Error(`${error?.code} changed something`);
      return error?.code;
    },

    /** The types of what happened in a party, oldest first, as one of its members sees them. */
    async story(as: Viewer): Promise<string[]> {
      const { me } = await test.run(as, '{ me { party { activity(first: 100) { nodes { __typename } } } } }');
      return me.party.activity.nodes.map(({ __typename }: Data) => __typename).reverse();
    },
  };
}

const party = 'party { id status leader { id } members { player { id } role isLeader } }';
const invite = 'invite { id status }';
const message = 'message { id number author { id } body deletedAt }';
const quest = 'quest { id status endedAt objectives { key progress target isComplete } }';
const readyCheck = 'readyCheck { id status finishedAt answers { player { id } answer } }';
const entry = 'entry { id activity status matchId }';
const item = `item { id mode status winner { id } candidates { player { id } mayNeed hasVoted vote hasLeft }
  rounds { round rolls { player { id } number } } }`;
const drop = 'drop { id commitment seed items { id name mode status rollsUntil } }';

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
    setLoot: mutation(
      'partyLootSettingsSet',
      'party { lootSettings { mode threshold rollSeconds masterLooter { id } } }',
    ),
    reportLoot: mutation('partyLootReport', drop),
    roll: mutation('partyLootRoll', item),
    assign: mutation('partyLootAssign', item),
    claim: mutation('partyLootClaim', item),
    update: mutation('partyUpdate', 'party { id joinPolicy maxMembers goal note }'),
    post: mutation('partyMessagePost', message),
    deleteMessage: mutation('partyMessageDelete', message),
    shareQuest: mutation('partyQuestShare', quest),
    abandonQuest: mutation('partyQuestAbandon', quest),
    reportObjective: mutation('partyObjectiveReport', quest),
    startReadyCheck: mutation('partyReadyCheckStart', readyCheck),
    respond: mutation('partyReadyCheckRespond', readyCheck),
    enterQueue: mutation('partyQueueEnter', entry),
    leaveQueue: mutation('partyQueueLeave', entry),
    reportMatch: mutation('partyMatchReport', entry),
  };
}

/** Waits until what is due by then has been met. */
export async function deadlinesMet({ database: { sql } }: TestSubgraph, now: Date): Promise<void> {
  await expect.poll(() => sql`select from party.deadlines where due_at <= ${now} limit 1`).toEqual([]);
}
