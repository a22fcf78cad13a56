import { randomUUID } from 'node:crypto';
import type { Viewer } from '@fellowship/identity';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { tenantB, viewer } from '../../../test/kit/subgraph.ts';
import { permissionsOf } from '../ranks/permissions.ts';
import { startGuild, type TestGuild } from '../testing.fixture.ts';

let guild: TestGuild;
beforeAll(async () => {
  guild = await startGuild();
});
afterAll(() => guild.close());

const service = (differing: Partial<Viewer> = {}) =>
  viewer({ communities: [], scopes: ['service:access'], ...differing });
const read = `query ($guildId: ID!, $playerId: ID!) { guildAccess(guildId: $guildId, playerId: $playerId) {
  scopeType scopeId playerId keys } }`;
const keys = async (as: Viewer, guildId: string, playerId: string): Promise<string[]> =>
  (await guild.run(as, read, { guildId, playerId })).guildAccess.keys;

test('a service learns what a player may do, also in a guild that nobody sees', async () => {
  const ada = viewer();
  const guildId = await guild.found(ada, { visibility: 'PRIVATE' });
  const { playerId } = await guild.join(ada, guildId, 'MEMBER');
  expect((await guild.run(service(), read, { guildId, playerId })).guildAccess).toEqual({
    scopeType: 'GUILD',
    scopeId: guildId,
    playerId,
    keys: ['guild.read', 'guild.members.read', 'guild.page.read', 'guild.chat', 'guild.bank.deposit'],
  });
  expect(await keys(service(), guildId, ada.playerId)).toHaveLength(permissionsOf('LEADER').length);
});

test('it changes with the rank, from the very next call', async () => {
  const ada = viewer();
  const guildId = await guild.found(ada);
  const { playerId } = await guild.join(ada, guildId, 'VETERAN');
  expect(await keys(service(), guildId, playerId)).toContain('guild.bank.withdraw');
  await guild.demote(ada, { guildId, playerId });
  expect(await keys(service(), guildId, playerId)).not.toContain('guild.bank.withdraw');
  await guild.kick(ada, { guildId, playerId });
  expect(await keys(service(), guildId, playerId)).toEqual([]);
});

test('nobody may do anything in no guild, another tenant’s or an archived one: all alike', async () => {
  const ada = viewer();
  const guildId = await guild.found(ada);
  const { playerId } = ada;
  expect(await keys(service(), randomUUID(), playerId)).toEqual([]);
  expect(await keys(service(), 'x', playerId)).toEqual([]);
  expect(await keys(service(), guildId, 'x')).toEqual([]);
  expect(await keys(service(), guildId, randomUUID())).toEqual([]);
  expect(await keys(service({ tenantId: tenantB }), guildId, playerId)).toEqual([]);
  await guild.archive(ada, { guildId });
  expect(await keys(service(), guildId, playerId)).toEqual([]);
});

test.each([[[]], [['service:combat']], [['access']]])('who has the scopes %j is refused', async (scopes) => {
  const ada = viewer({ scopes });
  const guildId = await guild.found(ada);
  const { errors } = await guild.execute(ada, read, { guildId, playerId: ada.playerId });
  expect(errors?.[0]?.extensions['code']).toBe('FORBIDDEN');
});
