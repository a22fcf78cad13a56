import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Player, post } from '../kit/client.ts';
import { startStack, type TestStack, topologies } from '../kit/stack.ts';

// Guesses are counted by each gateway for itself: two would take twice as many.
describe.each(topologies)('the page behind an invite link, %s', (topology) => {
  let graph: TestStack;
  let ada: Player;
  let group: { id: string; inviteCode: string; inviteUrl: string; telegramUrl: string };

  beforeAll(async () => {
    graph = await startStack(topology, { TELEGRAM_BOT: 'FellowshipBot', APP_LINK: 'mygame://join/' });
    ada = await graph.player('Ada');
    const { organization } = await ada.mutate(
      'organizationCreate',
      { name: 'Fish & <Chips>' },
      'organization { id }',
    );
    const input = { organizationId: organization.id, name: 'Inner "Circle"' };
    ({ group } = await ada.mutate('groupCreate', input, 'group { id inviteCode inviteUrl telegramUrl }'));
  });
  afterAll(() => graph?.stop());

  test('the link leads to this gateway', () => {
    expect(group.inviteUrl).toBe(`${graph.url}/groups/join/${group.inviteCode}`);
    expect(group.telegramUrl).toBe(`https://t.me/FellowshipBot?start=${group.inviteCode}`);
  });

  test('names group and organization to anyone, and hands over to app and Telegram', async () => {
    const response = await fetch(group.inviteUrl);
    const page = await response.text();
    expect([response.status, response.headers.get('content-type')]).toEqual([
      200,
      'text/html; charset=utf-8',
    ]);
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(response.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(page).toContain('Fish &amp; &lt;Chips&gt;');
    expect(page).toContain('Inner &quot;Circle&quot;');
    expect(page).toContain(`href="mygame://join/${group.inviteCode}"`);
    expect(page).toContain(`href="${group.telegramUrl}"`);
    expect((await fetch(group.inviteUrl, { method: 'HEAD' })).status).toBe(200);
  });

  test('takes a code as people write it', async () => {
    const written = `${group.inviteCode.slice(0, 4)}-${group.inviteCode.slice(4)}`.toLowerCase();
    expect((await fetch(`${graph.url}/groups/join/${written}`)).status).toBe(200);
  });

  test('finds the group of any tenant, while the graph keeps tenants apart', async () => {
    const stranger = await graph.player('Ada', { tenant: 'another-game' });
    const input = { name: 'Elsewhere' };
    const { organization } = await stranger.mutate('organizationCreate', input, 'organization { id }');
    const theirs = await stranger.mutate(
      'groupCreate',
      { organizationId: organization.id, name: 'Other Circle' },
      'group { inviteCode inviteUrl }',
    );
    expect(await (await fetch(theirs.group.inviteUrl)).text()).toContain('Other Circle');
    const preview = 'query ($code: String!) { groupInvite(code: $code) { groupName } }';
    const code = theirs.group.inviteCode;
    expect(await ada.run(preview, { code })).toEqual({ groupInvite: null });
    expect(await stranger.run(preview, { code })).toEqual({ groupInvite: { groupName: 'Other Circle' } });
  });

  test('the graph itself still asks for a token', async () => {
    const query = `{ groupInvite(code: "${group.inviteCode}") { groupName } }`;
    const { status, errors } = await post(graph.url, { query });
    expect([status, errors[0].extensions.code]).toEqual([401, 'UNAUTHENTICATED']);
    const nobody = await graph.player('Ada', { tenant: '00000000-0000-0000-0000-000000000000' });
    expect((await post(graph.url, { query }, nobody.token)).status).toBe(401);
  });

  test('a wrong code, an old one and no code at all: the same 404', async () => {
    const old = group.inviteUrl;
    const renewed = await ada.mutate('groupCodeRegenerate', { groupId: group.id }, 'group { inviteUrl }');
    const pages = [];
    for (const url of [old, `${graph.url}/groups/join/ZZZZZZZZ`, `${graph.url}/groups/join/%00`]) {
      const response = await fetch(url);
      expect(response.status).toBe(404);
      pages.push(await response.text());
    }
    expect(new Set(pages).size).toBe(1);
    expect((await fetch(renewed.group.inviteUrl)).status).toBe(200);
  });

  test('guessing codes is limited, for players and for visitors', async () => {
    const bea = await graph.player('Bea');
    const query = '{ groupInvite(code: "ZZZZZZZZ") { groupName } }';
    for (const _ of Array.from({ length: 59 })) await bea.run(query);
    await bea.mutate('groupJoin', { code: 'ZZZZZZZZ' }, 'group { id }');
    const { errors } = await post(graph.url, { query }, bea.token);
    expect(errors[0].extensions.code).toBe('RATE_LIMITED');
    const join = 'mutation { groupJoin(input: { code: "ZZZZZZZZ" }) { group { id } } }';
    expect((await post(graph.url, { query: join }, bea.token)).errors[0].extensions.code).toBe(
      'RATE_LIMITED',
    );
    expect(await ada.run(query)).toEqual({ groupInvite: null });

    const visit = () => fetch(`${graph.url}/groups/join/ZZZZZZZZ`);
    for (const _ of Array.from({ length: 60 })) await visit();
    const refused = await visit();
    expect(refused.status).toBe(429);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
  });
});
