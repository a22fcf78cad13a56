import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { assertInterfaceType } from 'graphql';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { markedFields } from '../../gateway/subscriptions/viewer-independent.ts';
import { parseSupergraph } from '../../gateway/supergraph.ts';
import { startStack, type TestStack } from '../kit/stack.ts';
import { group } from './marks/group.ts';
import { guild } from './marks/guild.ts';
import { party } from './marks/party.ts';
import { selectMarked } from './marks/selection.ts';
import { storyOf } from './marks/story.ts';

const supergraph = parseSupergraph(
  readFileSync(join(import.meta.dirname, '../../schema/supergraph.graphql'), 'utf8'),
);
const { apiSchema } = supergraph;
const marked = markedFields(supergraph.sdl);

/** What is not made to happen, and why. */
const unprovoked: ReadonlyMap<string, string> = new Map([
  [
    'PartyInviteExpired',
    'comes after five minutes; it has what PartyInviteDeclined has, by the same resolvers',
  ],
]);

const logs = [
  { event: 'PartyEvent', story: party },
  { event: 'GuildEvent', story: guild },
  { event: 'GroupEvent', story: group },
].map(({ event, story }) => {
  const type = assertInterfaceType(apiSchema.getType(event));
  const types = apiSchema.getPossibleTypes(type).map(({ name }) => name);
  return { event, story, types, ...selectMarked(apiSchema, marked, type) };
});

/**
 * Whoever may read a log gets the same of what is marked: all of it, in every event there is, when it has just happened
 * and after much more has. In one process, since the subgraphs answer the same in every topology.
 */
describe('what is marked @viewerIndependent', () => {
  let graph: TestStack;
  beforeAll(async () => {
    graph = await startStack('process', {
      PARTY_ACTIVITIES: JSON.stringify({ DUEL: { DPS: 2 } }),
      LIMIT_TOKENS: '20000',
      LIMIT_SELECTIONS: '10000',
      LIMIT_ALIASES: '1000',
      LIMIT_PLAYER_POINTS: '100000',
    });
  });
  afterAll(() => graph?.stop());

  test.each(logs)('is the same to all who read a $event', async ({ story, text, types }) => {
    const compared = new Set<string>();
    await story(storyOf(graph, text, compared));
    const missing = types.filter((name) => !compared.has(name) && !unprovoked.has(name));
    expect(missing).toEqual([]);
  });

  test('is all reached from events', () => {
    const reached = new Set(logs.flatMap(({ coordinates }) => [...coordinates]));
    const others = [...marked].filter((each) => !reached.has(each) && !each.startsWith('Subscription.'));
    expect(others).toEqual([]);
  });
});
