import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { PartyLootVote } from '../schema.generated.ts';
import { diceOf } from './fairness.ts';
import {
  type Candidate,
  candidatesAtDrop,
  type Dice,
  isLastToVote,
  isOver,
  type LootItemState,
  type LootSettings,
  masterLooter,
  mayAssign,
  mayClaim,
  mayRoll,
  modeOf,
  resolve,
  statusAtDrop,
} from './rules.ts';

const now = new Date(100_000);
const later = new Date(100_001);

const candidate = (playerId: string, differing: Partial<Candidate> = {}): Candidate => ({
  playerId,
  mayNeed: true,
  vote: null,
  left: false,
  ...differing,
});

const voted = (playerId: string, vote: PartyLootVote | null, left = false) =>
  candidate(playerId, { vote, left });

const item = (differing: Partial<LootItemState> = {}): LootItemState => ({
  mode: 'NEED_GREED',
  status: 'ROLLING',
  rollsUntil: later,
  candidates: [candidate('ada'), candidate('bea')],
  ...differing,
});

/** Dice that show what they are told: for each player, a number a round. */
const loaded =
  (numbers: Record<string, number[]>): Dice =>
  (playerId, round) =>
    numbers[playerId]?.[round - 1] ?? fail(`${playerId} does not roll in round ${round}`);

function fail(why: string): never {
  throw new Error(why);
}

describe('what becomes of an item when it drops', () => {
  const settings: LootSettings = {
    lootMode: 'PERSONAL',
    lootThreshold: 'RARE',
    masterLooterId: null,
    rollSeconds: 60,
  };
  test.each([
    ['POOR', 'FREE_FOR_ALL'],
    ['COMMON', 'FREE_FOR_ALL'],
    ['UNCOMMON', 'FREE_FOR_ALL'],
    ['RARE', 'PERSONAL'],
    ['EPIC', 'PERSONAL'],
    ['LEGENDARY', 'PERSONAL'],
  ] as const)('%s, where the threshold is RARE: %s', (quality, mode) => {
    expect(modeOf(quality, settings)).toBe(mode);
  });
  test('nothing is below POOR', () => {
    expect(modeOf('POOR', { ...settings, lootThreshold: 'POOR' })).toBe('PERSONAL');
  });
  test.each([
    ['NEED_GREED', 'ROLLING'],
    ['PERSONAL', 'ROLLING'],
    ['MASTER_LOOTER', 'UNASSIGNED'],
    ['FREE_FOR_ALL', 'FREE'],
  ] as const)('%s: %s', (mode, status) => expect(statusAtDrop(mode)).toBe(status));

  test('candidates are the members, as far as the report lets them', () => {
    expect(candidatesAtDrop(['ada', 'bea'], null, [])).toEqual([candidate('ada'), candidate('bea')]);
    expect(candidatesAtDrop(['ada', 'bea'], ['bea', 'eve'], ['bea', 'eve'])).toEqual([
      candidate('bea', { mayNeed: false }),
    ]);
    expect(candidatesAtDrop(['ada'], [], [])).toEqual([]);
  });
});

describe('the master looter', () => {
  const party = { leaderId: 'ada', memberIds: ['ada', 'bea'] };
  test.each([
    ['chosen, a member', 'bea', 'bea'],
    ['not chosen', null, 'ada'],
    ['chosen, and gone since', 'cyd', 'ada'],
  ])('%s', (_, masterLooterId, expected) => {
    expect(masterLooter({ masterLooterId }, party)).toBe(expected);
  });
});

describe('voting', () => {
  const mask = [candidate('ada', { mayNeed: false }), candidate('bea')];
  test.each([
    ['a candidate', item(), 'ada', 'NEED', null],
    ['a candidate, masked, NEED', item({ candidates: mask }), 'ada', 'NEED', 'NEED_FORBIDDEN'],
    ['a candidate, masked, GREED', item({ candidates: mask }), 'ada', 'GREED', null],
    ['a candidate, masked, PASS', item({ candidates: mask }), 'ada', 'PASS', null],
    ['nobody’s candidate', item(), 'eve', 'NEED', 'NOT_ELIGIBLE'],
    ['who has left', item({ candidates: [voted('ada', null, true)] }), 'ada', 'PASS', 'NOT_ELIGIBLE'],
    [
      'again',
      item({ candidates: [voted('ada', 'PASS'), candidate('bea')] }),
      'ada',
      'NEED',
      'ALREADY_ROLLED',
    ],
    ['at the deadline', item({ rollsUntil: now }), 'ada', 'NEED', 'ROLL_CLOSED'],
    ['when all passed', item({ status: 'FREE' }), 'ada', 'NEED', 'ROLL_CLOSED'],
    ['when it has an owner', item({ status: 'AWARDED' }), 'ada', 'NEED', 'ROLL_CLOSED'],
    ['on what is assigned', item({ status: 'UNASSIGNED' }), 'ada', 'NEED', 'ROLL_CLOSED'],
  ] as const)('%s', (_, state, player, vote, expected) => {
    expect(mayRoll(state, player, vote, now)).toBe(expected);
  });
});

describe('claiming', () => {
  test.each([
    ['what is free', 'FREE', 'ada', null],
    ['what is free, a stranger', 'FREE', 'eve', 'NOT_ELIGIBLE'],
    ['what is rolled for', 'ROLLING', 'ada', 'NOT_FREE'],
    ['what is assigned', 'UNASSIGNED', 'ada', 'NOT_FREE'],
    ['what has an owner', 'AWARDED', 'ada', 'ALREADY_AWARDED'],
  ] as const)('%s', (_, status, player, expected) => {
    expect(mayClaim(item({ status }), player)).toBe(expected);
  });
});

describe('assigning', () => {
  const assigned = item({ mode: 'MASTER_LOOTER', status: 'UNASSIGNED' });
  const party = { memberIds: ['ada', 'bea', 'cyd'] };
  test.each([
    ['the looter, to a candidate', assigned, 'ada', 'bea', null],
    ['the looter, to themself', assigned, 'ada', 'ada', null],
    ['another, to themself', assigned, 'bea', 'bea', 'NOT_MASTER_LOOTER'],
    ['the looter, to a member who is no candidate', assigned, 'ada', 'cyd', 'NOT_ELIGIBLE'],
    ['the looter, to a stranger', assigned, 'ada', 'eve', 'NOT_A_MEMBER'],
    ['what has an owner', { ...assigned, status: 'AWARDED' }, 'ada', 'bea', 'ALREADY_AWARDED'],
    ['what is rolled for', item(), 'ada', 'bea', 'NOT_ASSIGNABLE'],
    ['what is free', item({ mode: 'FREE_FOR_ALL', status: 'FREE' }), 'ada', 'bea', 'NOT_ASSIGNABLE'],
  ] as const)('%s', (_, state, actor, target, expected) => {
    expect(mayAssign(state, party, 'ada', actor, target)).toBe(expected);
  });
  test('to a candidate who is no member any more', () => {
    expect(mayAssign(assigned, { memberIds: ['ada'] }, 'ada', 'ada', 'bea')).toBe('NOT_A_MEMBER');
  });
});

describe('a roll is over', () => {
  test.each([
    ['while someone has yet to vote', [voted('ada', 'NEED'), voted('bea', null)], later, false],
    ['when all have voted', [voted('ada', 'NEED'), voted('bea', 'PASS')], later, true],
    ['when all who are left have', [voted('ada', 'NEED'), voted('bea', null, true)], later, true],
    ['when all have left', [voted('ada', null, true)], later, true],
    ['when nobody may have it', [], later, true],
    ['at its deadline', [voted('ada', null)], now, true],
    ['a millisecond before it', [voted('ada', null)], later, false],
    ['at once where there is no vote', [voted('ada', null)], null, true],
  ])('%s', (_, candidates, rollsUntil, expected) => {
    expect(isOver(item({ candidates, rollsUntil }), now)).toBe(expected);
  });
});

test('a vote is the last one if, and only if, the roll is over with it', () => {
  const vote = fc.option(fc.constantFrom<PartyLootVote>('NEED', 'GREED', 'PASS'), { nil: null });
  const others = fc.array(fc.tuple(vote, fc.boolean()), { maxLength: 4 });
  fc.assert(
    fc.property(others, (cast) => {
      const rest = cast.map(([each, left], nth) => voted(`other ${nth}`, each, left));
      const open = item({ candidates: [...rest, candidate('ada')] });
      const done = item({ candidates: [...rest, voted('ada', 'GREED')] });
      expect(isLastToVote(open, 'ada')).toBe(isOver(done, now));
    }),
  );
});

describe('resolving', () => {
  test('any NEED beats every GREED', () => {
    const candidates = [voted('ada', 'GREED'), voted('bea', 'NEED'), voted('cyd', 'GREED')];
    expect(resolve(item({ candidates }), loaded({ bea: [1] }))).toEqual({
      winnerId: 'bea',
      rounds: [[{ playerId: 'bea', number: 1 }]],
    });
  });
  test('the highest wins; who passed or did not vote does not roll', () => {
    const candidates = [
      voted('ada', 'GREED'),
      voted('bea', 'PASS'),
      voted('cyd', 'GREED'),
      voted('dan', null),
    ];
    expect(resolve(item({ candidates }), loaded({ ada: [7], cyd: [93] })).winnerId).toBe('cyd');
  });
  test('the tied roll again, among themselves, until one is highest', () => {
    const candidates = ['ada', 'bea', 'cyd', 'dan'].map((name) => voted(name, 'NEED'));
    const dice = loaded({ ada: [90, 50, 8], bea: [90, 50, 9], cyd: [90, 20], dan: [89] });
    const { winnerId, rounds } = resolve(item({ candidates }), dice);
    expect(winnerId).toBe('bea');
    expect(rounds.map((rolls) => rolls.map(({ playerId }) => playerId))).toEqual([
      ['ada', 'bea', 'cyd', 'dan'],
      ['ada', 'bea', 'cyd'],
      ['ada', 'bea'],
    ]);
  });
  test('who has left neither rolls nor wins, whatever they voted', () => {
    const candidates = [voted('ada', 'NEED', true), voted('bea', 'GREED')];
    expect(resolve(item({ candidates }), loaded({ bea: [3] })).winnerId).toBe('bea');
  });
  test.each([
    ['all passed', [voted('ada', 'PASS'), voted('bea', null)]],
    ['all have left', [voted('ada', 'NEED', true)]],
    ['there is nobody', []],
  ])('nobody wins when %s', (_, candidates) => {
    expect(resolve(item({ candidates }), loaded({}))).toEqual({ winnerId: null, rounds: [] });
  });
  test('PERSONAL: every candidate rolls', () => {
    const dice = loaded({ ada: [40], bea: [41] });
    expect(resolve(item({ mode: 'PERSONAL' }), dice).winnerId).toBe('bea');
  });

  const votes = fc.option(fc.constantFrom('NEED', 'GREED', 'PASS'), { nil: null });
  const candidates = fc.uniqueArray(
    fc.record({
      playerId: fc.constantFrom('ada', 'bea', 'cyd', 'dan', 'eve'),
      mayNeed: fc.constant(true),
      vote: votes as fc.Arbitrary<PartyLootVote | null>,
      left: fc.boolean(),
    }),
    { selector: ({ playerId }) => playerId, maxLength: 5 },
  );
  /** Few numbers, so that ties are the rule. */
  const dice = fc
    .string({ unit: fc.constantFrom(...'0123456789abcdef'), minLength: 64, maxLength: 64 })
    .map((seed): Dice => {
      const roll = diceOf(seed, 'item');
      return (playerId, round) => (roll(playerId, round) % 3) + 1;
    });

  test('whatever the votes and the dice: who wins wanted it most, is there, and rolled highest in the end', () => {
    fc.assert(
      fc.property(candidates, dice, (candidates, dice) => {
        const present = candidates.filter(({ left }) => !left);
        const need = present.filter(({ vote }) => vote === 'NEED');
        const wanting = need.length > 0 ? need : present.filter(({ vote }) => vote === 'GREED');
        const { winnerId, rounds } = resolve(item({ candidates }), dice);

        expect(winnerId === null).toBe(wanting.length === 0);
        const rollers = rounds[0]?.map(({ playerId }) => playerId) ?? [];
        expect(rollers).toEqual(wanting.map(({ playerId }) => playerId));
        for (const [index, rolls] of rounds.entries()) {
          const highest = Math.max(...rolls.map(({ number }) => number));
          const best = rolls.filter(({ number }) => number === highest).map(({ playerId }) => playerId);
          const next = rounds[index + 1]?.map(({ playerId }) => playerId) ?? [winnerId];
          expect(best).toEqual(next);
        }
      }),
    );
  });

  test('the order in which candidates are told changes nothing', () => {
    fc.assert(
      fc.property(candidates, dice, (candidates, dice) => {
        const forwards = resolve(item({ candidates }), dice);
        const backwards = resolve(item({ candidates: candidates.toReversed() }), dice);
        expect(backwards.winnerId).toBe(forwards.winnerId);
        expect(backwards.rounds.map((rolls) => rolls.toReversed())).toEqual(forwards.rounds);
      }),
    );
  });
});
