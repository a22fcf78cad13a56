import { describe, expect, test } from 'vitest';
import { commitmentTo, diceOf } from './fairness.ts';
import { resolve } from './rules.ts';
import { type PublishedDrop, type PublishedItem, verifyDrop } from './verify.ts';

const seed = 'ab'.repeat(32);
const [ada, bea, cyd] = ['a', 'b', 'c'].map((digit) => `0000000${digit}-0000-4000-8000-000000000000`) as [
  string,
  string,
  string,
];

type Vote = PublishedItem['candidates'][number]['vote'];

const candidate = (id: string, vote: Vote, mayNeed = true) => ({
  player: { id },
  mayNeed,
  vote,
  hasLeft: false,
});
const candidates = [candidate(ada, 'NEED'), candidate(bea, 'NEED'), candidate(cyd, 'GREED', false)];

/** An item as it comes out of fair dice. */
function fair(differing: Partial<PublishedItem> = {}): PublishedItem {
  const item = { id: 'item', mode: 'NEED_GREED', status: 'AWARDED', candidates, ...differing } as const;
  const state = item.candidates.map(({ player, hasLeft, ...rest }) => ({
    playerId: player.id,
    left: hasLeft,
    ...rest,
  }));
  const { winnerId, rounds } = resolve({ ...item, candidates: state }, diceOf(seed, item.id));
  return {
    ...item,
    winner: winnerId === null ? null : { id: winnerId },
    rounds: rounds.map((rolls) => ({
      rolls: rolls.map(({ playerId, number }) => ({ player: { id: playerId }, number })),
    })),
    ...differing,
  };
}

const drop = (...items: PublishedItem[]): PublishedDrop => ({ commitment: commitmentTo(seed), seed, items });

test('what was fair is found fair, in the same way whatever the order of players', () => {
  const rolled = fair();
  const turned = rolled.rounds.map(({ rolls }) => ({ rolls: rolls.toReversed() }));
  const passed = candidates.map((of) => ({ ...of, vote: 'PASS' as const }));
  const history = drop(
    rolled,
    fair({ rounds: turned, candidates: candidates.toReversed() }),
    fair({ id: 'personal', mode: 'PERSONAL' }),
    fair({ id: 'released', status: 'FREE', candidates: passed, winner: null }),
    fair({ id: 'released and claimed', candidates: passed, winner: { id: cyd } }),
    fair({ id: 'assigned', mode: 'MASTER_LOOTER', rounds: [], winner: { id: bea } }),
    fair({ id: 'free', mode: 'FREE_FOR_ALL', status: 'FREE', rounds: [], winner: null }),
  );
  expect(verifyDrop(history)).toEqual([]);
});

describe('a lie is found out', () => {
  const { rounds, winner } = fair();
  const loser = winner?.id === ada ? bea : ada;
  const raised = rounds.map(({ rolls }) => ({
    rolls: rolls.map((roll) => (roll.player.id === loser ? { ...roll, number: 100 } : roll)),
  }));
  const more = [...rounds, { rolls: [{ player: { id: loser }, number: 1 }] }];
  const withVote = (playerId: string, vote: Vote) =>
    candidates.map((of) => (of.player.id === playerId ? { ...of, vote } : of));

  test.each([
    ['another winner', drop(fair({ winner: { id: loser } })), /winner/],
    ['no winner', drop(fair({ winner: null })), /winner/],
    ['another number', drop(fair({ rounds: raised })), /numbers/],
    ['a round left out', drop(fair({ rounds: [] })), /numbers/],
    ['a round too many', drop(fair({ rounds: more })), /numbers/],
    ['a vote left out', drop(fair({ rounds, candidates: withVote(loser, 'PASS') })), /numbers/],
    ['a forbidden NEED', drop(fair({ candidates: withVote(cyd, 'NEED') })), /forbidden/],
    ['rolls for what is not rolled for', drop(fair({ mode: 'FREE_FOR_ALL' })), /mode/],
    ['another item', drop(fair({ id: 'other', rounds, winner })), /numbers/],
    ['another seed', { ...drop(fair()), seed: 'cd'.repeat(32) }, /committed/],
    ['another commitment', { ...drop(fair()), commitment: commitmentTo('cd'.repeat(32)) }, /committed/],
    ['no seed', { ...drop(fair()), seed: null }, /not revealed/],
    ['a seed that is none', { ...drop(fair()), seed: 'seed' }, /32 bytes/],
    ['a seed revealed too early', drop(fair({ status: 'ROLLING' })), /still rolled/],
  ])('%s', (_, history, fault) => {
    expect(verifyDrop(history).join('\n')).toMatch(fault);
  });
});
