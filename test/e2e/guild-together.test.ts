import { DEMO_COMMUNITY_ID } from '@fellowship/identity';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Data, type Player, post } from '../kit/client.ts';
import { openStack, type TestStack, topologies } from '../kit/stack.ts';

describe.each(topologies)('what a guild does together, %s', (topology) => {
  let graph: TestStack;
  let ada: Player;
  let bea: Player;
  let guildId: string;

  beforeAll(async () => {
    graph = await openStack(topology);
    ada = await graph.player('Ada');
    bea = await graph.player('Bea');
    const name = 'Dawn';
    const { guild } = await ada.mutate(
      'guildCreate',
      { communityId: DEMO_COMMUNITY_ID, name },
      'guild { id }',
    );
    guildId = guild.id;
    const { invite } = await ada.mutate('guildInviteCreate', { guildId }, 'invite { code }');
    await bea.mutate('guildInviteAccept', { code: invite.code }, 'guild { id }');
  });
  afterAll(() => graph?.stop());

  test('amounts of 64 bits come through whole, in variables and in the text of an operation', async () => {
    const entry = 'entry { amount balance }';
    const deposited = await ada.mutate(
      'guildBankDeposit',
      { guildId, currency: '9223372036854775806' },
      entry,
    );
    expect(deposited.entry.balance).toBe('9223372036854775806');
    const { guildBankDeposit } = await ada.run(`mutation { guildBankDeposit(
      input: { guildId: "${guildId}", currency: 1 }) { ${entry} errors { code } } }`);
    expect(guildBankDeposit).toEqual({ entry: { amount: '1', balance: '9223372036854775807' }, errors: [] });
    const over = await ada.mutate('guildBankDeposit', { guildId, currency: '9'.repeat(40) }, entry);
    expect(over).toMatchObject({ entry: null, errors: [{ code: 'AMOUNT_TOO_LARGE' }] });
    const query =
      'mutation ($i: GuildBankDepositInput!) { guildBankDeposit(input: $i) { entry { amount } } }';
    const reply = await post(graph.url, { query, variables: { i: { guildId, currency: '1.5' } } }, ada.token);
    expect(reply.errors?.[0]?.extensions?.code).toBe('BAD_USER_INPUT');
  });

  test('an event is planned and answered', async () => {
    const startsAt = new Date(Date.now() + 3_600_000).toISOString();
    const plan = { guildId, title: 'Raid', startsAt, durationMinutes: 60, timeZone: 'Europe/Berlin' };
    const { event } = await ada.mutate(
      'guildEventCreate',
      { ...plan, recurrence: 'FREQ=DAILY' },
      'event { id }',
    );
    const answer = { eventId: event.id, startsAt, attendance: 'GOING' };
    await bea.mutate('guildEventRespond', answer, 'occurrence { goingCount }');
    const { guild } = await bea.run(
      `query ($id: ID!) { guild(id: $id) { events(first: 1) { nodes { startsAt goingCount viewerResponse
        responses { nodes { player { guildMemberships { nodes { guild { name } } } } } } } } } }`,
      { id: guildId },
    );
    expect(guild.events.nodes[0]).toMatchObject({ startsAt, goingCount: 1, viewerResponse: 'GOING' });
    expect(guild.events.nodes[0].responses.nodes[0].player.guildMemberships.nodes).toHaveLength(1);
  });

  test('who loses a channel is told so, and hears nothing more', async () => {
    const listening = await bea.subscribe(
      `subscription ($id: ID!, $after: String) { guildMessages(guildId: $id, channel: GUILD, after: $after) {
        __typename ... on GuildMessagePosted { message { body author { id } } } } }`,
      { id: guildId, after: await graph.cursor('guild', `guild:${guildId}:guild`) },
    );
    const next = listening.next();
    const say = (body: string) =>
      ada.mutate('guildMessagePost', { guildId, channel: 'GUILD', body }, 'message { id }');
    await say('hello');
    expect((await next).data?.['guildMessages'].message).toEqual({ body: 'hello', author: { id: ada.id } });
    await ada.mutate('guildMemberKick', { guildId, playerId: bea.id }, 'guild { id }');
    await say('gone');
    const { data, errors }: Data = await listening.next();
    expect({ data: data ?? null, code: errors[0].extensions.code }).toEqual({
      data: null,
      code: 'ACCESS_LOST',
    });
    await listening.close();
  });

  test('a service with its scope learns what a player may do, and no player does', async () => {
    const access = await graph.player('Access', { scopes: ['service:access'] });
    const query = 'query ($g: ID!, $p: ID!) { guildAccess(guildId: $g, playerId: $p) { keys } }';
    const { guildAccess } = await access.run(query, { g: guildId, p: ada.id });
    expect(guildAccess.keys).toContain('guild.disband');
    const reply = await post(graph.url, { query, variables: { g: guildId, p: ada.id } }, ada.token);
    expect(reply.errors?.[0]?.extensions?.code).toBe('FORBIDDEN');
  });
});
