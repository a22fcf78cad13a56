import { afterAll, beforeAll, expect, test } from 'vitest';
import { viewer } from '../../../test/kit/subgraph.ts';
import { startGuild, type TestGuild } from '../testing.fixture.ts';

let guild: TestGuild;
beforeAll(async () => {
  guild = await startGuild();
});
afterAll(() => guild.close());

test('all there is of a guild costs as many statements for one as for ten', async () => {
  const ada = viewer();
  const ids: string[] = [];
  for (let count = 0; count < 10; count += 1) {
    const guildId = await guild.found(ada, { recruiting: true });
    await guild.join(ada, guildId);
    await guild.apply(viewer(), { guildId, message: 'x' });
    await guild.ban(ada, { guildId, playerId: viewer().playerId });
    await guild.updatePage(ada, { guildId, version: 0, tags: ['x'] });
    await guild.publish(ada, { guildId, kind: 'NEWS', title: 'x', body: 'x' });
    ids.push(guildId);
  }
  const source = `query ($r: [_Any!]!) { _entities(representations: $r) { ... on Guild { name
    page { html } posts { nodes { title guild { name } } } news: posts(kind: NEWS) { nodes { title } }
    applications { nodes { message guild { name } } } bans { nodes { player { id } } }
    auditLog { nodes { action } } invites { nodes { code } } members { nodes { note } } ranks { name } } } }`;
  const of = (some: readonly string[]) => some.map((id) => ({ __typename: 'Guild', id }));
  const count = async (some: readonly string[]) =>
    (await guild.statements(() => guild.run(ada, source, { r: of(some) }))).length;
  const [one, ten] = [await count(ids.slice(0, 1)), await count(ids)];
  expect(ten).toBe(one);
});
