import type { Viewer } from '@fellowship/identity';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Data, viewer } from '../../../test/kit/subgraph.ts';
import { startGuild, type TestGuild } from '../testing.fixture.ts';

let guild: TestGuild;
beforeAll(async () => {
  guild = await startGuild();
});
afterAll(() => guild.close());

const notesOf = async (as: Viewer, id: string): Promise<string[]> => {
  const read = 'query ($id: ID!) { guild(id: $id) { members { nodes { note } } } }';
  return (await guild.run(as, read, { id })).guild.members.nodes.map(({ note }: Data) => note);
};

test('a note is for officers, about those below', async () => {
  const ada = viewer();
  const guildId = await guild.found(ada);
  const officer = await guild.join(ada, guildId, 'OFFICER');
  const bea = await guild.join(ada, guildId);
  const set = (as: Viewer, about: Viewer, note: string | null) =>
    guild.setNote(as, { guildId, playerId: about.playerId, note });

  const answer = await set(officer, bea, 'Often late\nbut good');
  expect(answer.member).toEqual({ player: { id: bea.playerId }, note: 'Often late\nbut good' });
  for (const as of [ada, officer])
    expect(await notesOf(as, guildId)).toEqual([null, null, 'Often late\nbut good']);
  for (const as of [bea, viewer()]) expect(await notesOf(as, guildId)).toEqual([null, null, null]);

  await guild.expectDenied('MISSING_PERMISSION', () => set(bea, bea, 'I am great'));
  await guild.expectDenied('MISSING_PERMISSION', () => set(viewer(), bea, 'x'));
  await guild.expectDenied('MEMBER_NOT_BELOW_YOU', () => set(officer, officer, 'x'));
  await guild.expectDenied('MEMBER_NOT_BELOW_YOU', () => set(officer, ada, 'x'));
  await guild.expectDenied('NOT_A_MEMBER', () => set(officer, viewer(), 'x'));
  await guild.expectDenied('INVALID_INPUT', () => set(officer, bea, 'x'.repeat(501)));

  expect((await set(ada, bea, ' ')).member.note).toBeNull();
});
