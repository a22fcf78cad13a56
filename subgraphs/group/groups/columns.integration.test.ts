import { afterAll, beforeAll, test } from 'vitest';
import { expectSameOfSome, type Fields, pageOf } from '../../../test/kit/selections.ts';
import { startGroup, type TestGroup } from '../testing.fixture.ts';

let app: TestGroup;
beforeAll(async () => {
  app = await startGroup();
});
afterAll(() => app.close());

const group: Fields = {
  id: null,
  name: null,
  description: null,
  createdAt: null,
  updatedAt: null,
  inviteCode: null,
  inviteUrl: null,
  creator: { id: null },
  organization: { id: null, name: null },
  members: { nodes: { joinedAt: null, player: { id: null } } },
};

test.each(['owner', 'insider'] as const)(
  'of a player’s groups each answer has what was asked of it, for an %s',
  async (who) => {
    const league = await app.league();
    const as = league[who];
    const representations = [{ __typename: 'Player', id: league.insider.playerId }];
    await expectSameOfSome(pageOf(group), async (selection) => {
      const source = `query ($representations: [_Any!]!) {
        _entities(representations: $representations) { ... on Player { groups(first: 5) ${selection} } } }`;
      return (await app.run(as, source, { representations }))._entities[0].groups;
    });
  },
);
