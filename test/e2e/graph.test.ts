import { DEMO_COMMUNITY_ID } from '@fellowship/identity';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Data, type Player, untilHeard } from '../kit/client.ts';
import { openStack, type TestStack, topologies } from '../kit/stack.ts';

/** Ada's party, whose members are in guilds and groups: one graph over three subgraphs. */
const wholeGraph = `{ me { party { members { role player {
  id
  guildMemberships(first: 5) { nodes { guild { name } rank { name } } }
  groups(first: 5) { nodes { name } }
} } } } }`;

describe.each(topologies)('the graph, %s', (topology) => {
  let graph: TestStack;
  let ada: Player;
  let bea: Player;
  let partyId: string;

  beforeAll(async () => {
    graph = await openStack(topology);
    ada = await graph.player('Ada');
    bea = await graph.player('Bea');
  });
  afterAll(() => graph?.stop());

  const unrefused = ({ errors, ...payload }: Data): Data => {
    expect(errors).toEqual([]);
    return payload;
  };

  test('a party is formed and joined', async () => {
    const created = await ada.mutate('partyCreate', { joinPolicy: 'OPEN', role: 'TANK' }, 'party { id }');
    partyId = unrefused(created).party.id;
    unrefused(await bea.mutate('partyJoin', { partyId, role: 'DPS' }, 'party { id }'));
  });

  test('a guild is founded and joined by a code, and a member promoted', async () => {
    const founded = await ada.mutate(
      'guildCreate',
      { communityId: DEMO_COMMUNITY_ID, name: 'Dawn' },
      'guild { id slug viewerMembership { rank { kind } } }',
    );
    const { guild } = unrefused(founded);
    expect(guild).toMatchObject({ slug: 'dawn', viewerMembership: { rank: { kind: 'LEADER' } } });
    const { invite } = unrefused(
      await ada.mutate('guildInviteCreate', { guildId: guild.id }, 'invite { code }'),
    );
    unrefused(await bea.mutate('guildInviteAccept', { code: invite.code }, 'guild { id }'));
    const promoted = await ada.mutate(
      'guildMemberPromote',
      { guildId: guild.id, playerId: bea.id },
      'member { rank { kind } }',
    );
    expect(unrefused(promoted).member.rank.kind).toBe('MEMBER');
  });

  test('a private group is joined by a code', async () => {
    const { organization } = unrefused(
      await bea.mutate('organizationCreate', { name: 'Guildhall' }, 'organization { id }'),
    );
    const { group } = unrefused(
      await bea.mutate(
        'groupCreate',
        { organizationId: organization.id, name: 'Council' },
        'group { id inviteCode }',
      ),
    );
    const spoken = group.inviteCode.toLowerCase().split('').join(' ');
    expect(unrefused(await ada.mutate('groupJoin', { code: spoken }, 'group { name }')).group.name).toBe(
      'Council',
    );
  });

  test('one query crosses party, guild and group', async () => {
    const { me } = await ada.run(wholeGraph);
    const [first, second] = me.party.members;
    expect(first).toMatchObject({
      role: 'TANK',
      player: {
        id: ada.id,
        guildMemberships: { nodes: [{ guild: { name: 'Dawn' }, rank: { name: 'Leader' } }] },
        groups: { nodes: [{ name: 'Council' }] },
      },
    });
    expect(second).toMatchObject({
      role: 'DPS',
      player: {
        id: bea.id,
        guildMemberships: { nodes: [{ guild: { name: 'Dawn' }, rank: { name: 'Member' } }] },
      },
    });
  });

  test('a subscription hears a committed change, with a selection that crosses subgraphs', async () => {
    const listening = await ada.subscribe(
      `subscription ($partyId: ID!) { partyActivity(partyId: $partyId) {
        __typename cursor
        actor { id guildMemberships(first: 1) { nodes { rank { name } } } }
        ... on PartyRoleSet { role }
      } }`,
      { partyId },
    );
    const event = await untilHeard(listening.next(), () =>
      bea.mutate('partyRoleSet', { partyId, playerId: bea.id, role: 'HEALER' }, 'party { id }'),
    );
    expect(event.data?.['partyActivity']).toMatchObject({
      __typename: 'PartyRoleSet',
      actor: { id: bea.id, guildMemberships: { nodes: [{ rank: { name: 'Member' } }] } },
      role: 'HEALER',
    });
    await listening.close();
  });

  test('a subscription resumes from a cursor and ends when access is lost', async () => {
    const feed = 'query ($id: ID!) { party(id: $id) { activity(first: 1) { nodes { cursor } } } }';
    const [{ cursor }] = (await ada.run(feed, { id: partyId })).party.activity.nodes;
    unrefused(await ada.mutate('partyRoleSet', { partyId, playerId: bea.id, role: 'DPS' }, 'party { id }'));
    const listening = await bea.subscribe(
      'subscription ($partyId: ID!, $after: String) { partyActivity(partyId: $partyId, after: $after) { __typename } }',
      { partyId, after: cursor },
    );
    expect((await listening.next()).data?.['partyActivity'].__typename).toBe('PartyRoleSet');
    const kicked = listening.next();
    unrefused(await ada.mutate('partyKick', { partyId, playerId: bea.id }, 'party { id }'));
    expect((await kicked).data?.['partyActivity'].__typename).toBe('PartyMemberKicked');
    expect((await listening.next()).errors?.[0]?.extensions?.['code']).toBe('ACCESS_LOST');
    await listening.close();
  });

  test('guild and group activity are live too', async () => {
    const { me } = await ada.run(
      '{ me { guildMemberships { nodes { guild { id } } } groups { nodes { id } } } }',
    );
    const guildId = me.guildMemberships.nodes[0].guild.id;
    const groupId = me.groups.nodes[0].id;
    const guild = await ada.subscribe(
      'subscription ($id: ID!, $after: String) { guildActivity(guildId: $id, after: $after) { __typename } }',
      { id: guildId, after: await graph.cursor('guild', `guild:${guildId}`) },
    );
    const group = await ada.subscribe(
      'subscription ($id: ID!, $after: String) { groupActivity(groupId: $id, after: $after) { __typename } }',
      { id: groupId, after: await graph.cursor('social_group', `group:${groupId}`) },
    );
    const events = [guild.next(), group.next()];
    unrefused(await ada.mutate('guildUpdate', { guildId, recruiting: true }, 'guild { id }'));
    unrefused(await bea.mutate('groupUpdate', { groupId, description: 'By candlelight' }, 'group { id }'));
    const [updated, changed] = await Promise.all(events);
    expect(updated?.data?.['guildActivity'].__typename).toBe('GuildUpdated');
    expect(changed?.data?.['groupActivity'].__typename).toBe('GroupUpdated');
    await Promise.all([guild.close(), group.close()]);
  });
});
