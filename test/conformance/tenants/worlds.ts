import assert from 'node:assert/strict';
import { createSubgraph as createGroup } from '@fellowship/group';
import { createSubgraph as createGuild } from '@fellowship/guild';
import type { Viewer } from '@fellowship/identity';
import { createSubgraph as createParty } from '@fellowship/party';
import { communityA, type Data, startSubgraph, type TestSubgraph, viewer } from '../../kit/subgraph.ts';

const scopes = ['service:combat', 'service:quest', 'service:matchmaking', 'service:access'];
const playerIds = [1, 2, 3].map((n) => `0000000${n}-1111-4111-8111-111111111111`);

/** The three players of a tenant's world; each tenant's have the same ids. The first is its master. */
export const playersOf = (tenantId: string): [Viewer, Viewer, Viewer] => {
  const [master = '', member = '', outsider = ''] = playerIds;
  const of = (playerId: string) => viewer({ tenantId, playerId, scopes });
  return [of(master), of(member), of(outsider)];
};

/** What a test needs to know of a tenant's world: valid values of arguments by name, and some of its cursors. */
export interface World {
  readonly own: Readonly<Record<string, unknown>>;
  readonly cursors: readonly string[];
}

export interface Universe {
  readonly name: 'party' | 'guild' | 'group';
  /** The Postgres schema. */
  readonly schema: string;
  start(): Promise<TestSubgraph>;
  /** Makes the same things in whatever tenant: the same names, slugs and idempotency keys. */
  found(test: TestSubgraph, tenantId: string): Promise<World>;
  /** Makes something that other tenants have none of: another name, another key. */
  foundApart(test: TestSubgraph, tenantId: string): Promise<unknown>;
}

/** The same time, ids and codes in every run: two runs that differ in nothing else answer the same bytes. */
function repeatable() {
  const now = new Date('2030-01-01T00:00:00.000Z');
  let ids = 0;
  let state = 1;
  return {
    clock: () => now,
    newId: () => `01900000-0000-7000-8000-${(++ids).toString(16).padStart(12, '0')}`,
    randomInt(below: number) {
      state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
      return Math.floor((state / 2_147_483_648) * below);
    },
  };
}

/** Runs a mutation that nothing is wrong with. */
const doing = (test: TestSubgraph) => async (as: Viewer, name: string, input: object, payload: string) => {
  const answer = await test.mutation(name, payload)(as, { idempotencyKey: `same ${name}`, ...input });
  assert.deepEqual(answer.errors, [], name);
  return answer;
};

const cursorsIn = (value: Data): string[] => {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    /cursor$/i.test(key) && typeof inner === 'string' ? [inner] : cursorsIn(inner),
  );
};
const page = '(first: 1) { nodes { id } pageInfo { endCursor } }';
const log = 'activity(first: 1) { nodes { cursor } }';

const party: Universe = {
  name: 'party',
  schema: 'party',
  start: () => startSubgraph('party', createParty, repeatable()),
  foundApart(test, tenantId) {
    const [, , outsider] = playersOf(tenantId);
    const founding = { goal: 'RAID', idempotencyKey: 'of one tenant alone' };
    return doing(test)(outsider, 'partyCreate', founding, 'party { id }');
  },
  async found(test, tenantId) {
    const [master, member, outsider] = playersOf(tenantId);
    const act = doing(test);
    const founding = { joinPolicy: 'OPEN', goal: 'DUNGEON', role: 'TANK' };
    const partyId = (await act(master, 'partyCreate', founding, 'party { id }')).party.id;
    await act(member, 'partyJoin', { partyId }, 'party { id }');
    const { invite } = await act(
      master,
      'partyInvite',
      { partyId, playerId: outsider.playerId },
      'invite { id }',
    );
    const { message } = await act(master, 'partyMessagePost', { partyId, body: 'Hello' }, 'message { id }');
    const objectives = [{ key: 'kill', title: 'Kill', target: 5 }];
    const quest = { partyId, questKey: 'wolves', title: 'Wolves', objectives };
    const shared = await act(master, 'partyQuestShare', quest, 'quest { id }');
    const progress = {
      reportId: '88888888-1111-4111-8111-111111111111',
      playerId: master.playerId,
      questKey: 'wolves',
      objectiveKey: 'kill',
    };
    await act(master, 'partyObjectiveReport', progress, 'quest { id }');
    const sword = { itemKey: 'sword', name: 'Sword', quality: 'EPIC' };
    const loot = { reportId: 'report', partyId, source: 'Dragon', items: [sword] };
    const { drop } = await act(master, 'partyLootReport', loot, 'drop { id items { id } }');
    const { entry } = await act(master, 'partyQueueEnter', { partyId, activity: 'QUESTING' }, 'entry { id }');
    await act(master, 'partyQueueLeave', { partyId }, 'entry { id }');
    const check = await act(master, 'partyReadyCheckStart', { partyId }, 'readyCheck { id }');
    return {
      own: {
        partyId,
        'party.id': partyId,
        'player.id': member.playerId,
        playerId: member.playerId,
        masterLooterId: member.playerId,
        inviteId: invite.id,
        messageId: message.id,
        questId: shared.quest.id,
        itemId: drop.items[0].id,
        entryId: entry.id,
        readyCheckId: check.readyCheck.id,
        activity: 'DUNGEON',
        questKey: 'wolves',
        objectiveKey: 'kill',
      },
      cursors: cursorsIn(await test.run(master, `{ parties${page} me { party { ${log} } } }`)),
    };
  },
};

const guild: Universe = {
  name: 'guild',
  schema: 'guild',
  start: () => startSubgraph('guild', (deps) => createGuild({ ...deps, ...repeatable() })),
  foundApart(test, tenantId) {
    const [master] = playersOf(tenantId);
    const founding = { communityId: communityA, name: 'Dusk', idempotencyKey: 'of one tenant alone' };
    return doing(test)(master, 'guildCreate', founding, 'guild { id }');
  },
  async found(test, tenantId) {
    const [master, member, outsider] = playersOf(tenantId);
    const act = doing(test);
    const founding = { communityId: communityA, name: 'Dawn', visibility: 'PUBLIC', recruiting: true };
    const founded = await act(master, 'guildCreate', founding, 'guild { id ranks { id kind } }');
    const { id: guildId, ranks } = founded.guild;
    const rankId = ranks.find(({ kind }: Data) => kind === 'RECRUIT').id;
    const { invite } = await act(master, 'guildInviteCreate', { guildId }, 'invite { id code }');
    await act(member, 'guildInviteAccept', { code: invite.code }, 'guild { id }');
    const { application } = await act(outsider, 'guildApply', { guildId }, 'application { id }');
    const banned = { guildId, playerId: '00000009-1111-4111-8111-111111111111' };
    await act(master, 'guildMemberBan', banned, 'ban { reason }');
    const { tab } = await act(master, 'guildBankTabCreate', { guildId, name: 'Ore' }, 'tab { id }');
    const item = { tabId: tab.id, key: 'iron', quantity: '5' };
    await act(master, 'guildBankDeposit', { guildId, item }, 'entry { number }');
    const taken = { guildId, item: { ...item, quantity: '1' } };
    await act(master, 'guildBankWithdraw', taken, 'entry { number }');
    const event = {
      guildId,
      title: 'Raid',
      startsAt: '2030-02-01T20:00:00.000Z',
      durationMinutes: 60,
      timeZone: 'Europe/Berlin',
    };
    const planned = await act(master, 'guildEventCreate', event, 'event { id }');
    const answer = { eventId: planned.event.id, startsAt: event.startsAt, attendance: 'GOING' };
    await act(member, 'guildEventRespond', answer, 'occurrence { startsAt }');
    const said = { guildId, channel: 'GUILD', body: 'Hello' };
    const { message } = await act(master, 'guildMessagePost', said, 'message { id }');
    const news = { guildId, kind: 'NEWS', title: 'News', body: 'Soon' };
    const { post } = await act(master, 'guildPostPublish', news, 'post { id }');
    const edit = { guildId, version: 0, tags: ['pve'] };
    await act(master, 'guildPageUpdate', edit, 'page { version }');
    return {
      own: {
        guildId,
        'guild.id': guildId,
        communityId: communityA,
        playerId: member.playerId,
        successorId: member.playerId,
        rankId,
        destinationRankId: rankId,
        inviteId: invite.id,
        applicationId: application.id,
        tabId: tab.id,
        key: 'iron',
        eventId: planned.event.id,
        messageId: message.id,
        postId: post.id,
        startsAt: event.startsAt,
        timeZone: event.timeZone,
        version: 1,
        level: 2.5,
      },
      cursors: cursorsIn(await test.run(master, `{ guilds${page} guild(id: "${guildId}") { ${log} } }`)),
    };
  },
};

const group: Universe = {
  name: 'group',
  schema: 'social_group',
  start: () => startSubgraph('group', (deps) => createGroup({ ...deps, ...repeatable() })),
  foundApart(test, tenantId) {
    const [master] = playersOf(tenantId);
    const founding = { name: 'Alliance', idempotencyKey: 'of one tenant alone' };
    return doing(test)(master, 'organizationCreate', founding, 'organization { id }');
  },
  async found(test, tenantId) {
    const [master, member, outsider] = playersOf(tenantId);
    const act = doing(test);
    const founded = await act(master, 'organizationCreate', { name: 'League' }, 'organization { id }');
    const organizationId = founded.organization.id;
    const added = { organizationId, playerId: member.playerId };
    await act(master, 'organizationMemberAdd', added, 'member { role }');
    const circle = { organizationId, name: 'Circle' };
    const made = await act(master, 'groupCreate', circle, 'group { id inviteCode }');
    const { id: groupId, inviteCode } = made.group;
    await act(outsider, 'groupJoin', { code: inviteCode }, 'group { id }');
    const event = {
      organizationId,
      name: 'Meeting',
      startsAt: '2030-02-01T20:00:00.000Z',
      endsAt: '2030-02-01T22:00:00.000Z',
      timeZone: 'Europe/Berlin',
      isPublic: true,
      groupIds: [groupId],
    };
    const planned = await act(master, 'organizationEventCreate', event, 'organizationEvent { id }');
    const organizationEventId = planned.organizationEvent.id;
    const ticket = { organizationEventId, waitingList: false };
    await act(master, 'organizationEventRegister', ticket, 'registration { status }');
    return {
      own: {
        organizationId,
        groupId,
        organizationEventId,
        'organization.id': organizationId,
        'group.id': groupId,
        'organizationEvent.id': organizationEventId,
        groupIds: [groupId],
        playerId: member.playerId,
        startsAt: event.startsAt,
        endsAt: event.endsAt,
        timeZone: event.timeZone,
      },
      cursors: cursorsIn(
        await test.run(master, `{ organizations${page} organization(id: "${organizationId}") { ${log} } }`),
      ),
    };
  },
};

export const universes: readonly Universe[] = [party, guild, group];
