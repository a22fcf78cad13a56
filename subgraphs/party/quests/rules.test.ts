import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { mayAbandon, mayShare, mostQuests, progressBy, type QuestState } from './rules.ts';

const quest = (differing: Partial<QuestState> = {}): QuestState => ({
  key: 'wolves',
  sharerId: 'bea',
  status: 'ACTIVE',
  ...differing,
});
const party = {
  leaderId: 'ada',
  joinPolicy: 'OPEN',
  maxMembers: 5,
  memberIds: ['ada', 'bea', 'cyd'],
} as const;

test('a quest is shared once at a time, and up to 25 of them', () => {
  const others = (count: number) => Array.from({ length: count }, (_, index) => quest({ key: `q${index}` }));
  expect(mayShare(others(mostQuests - 1), 'wolves')).toBeNull();
  expect(mayShare(others(mostQuests), 'wolves')).toBe('TOO_MANY_QUESTS');
  expect(mayShare([quest()], 'wolves')).toBe('QUEST_ALREADY_SHARED');
});

test.each([
  ['the leader', 'ada', quest(), null],
  ['who shared it', 'bea', quest(), null],
  ['another member', 'cyd', quest(), 'NOT_SHARER'],
  ['the leader, of a completed one', 'ada', quest({ status: 'COMPLETED' }), 'QUEST_NOT_FOUND'],
  ['the leader, of an abandoned one', 'ada', quest({ status: 'ABANDONED' }), 'QUEST_NOT_FOUND'],
])('%s gives a quest up', (_, actor, state, expected) => {
  expect(mayAbandon(party, state, actor)).toBe(expected);
});

describe('progress', () => {
  const objectives = [
    { key: 'kill', progress: 3, target: 5 },
    { key: 'fetch', progress: 1, target: 1 },
  ];
  test.each([
    ['adds up', 1, { added: 1, progress: 4, target: 5, completes: false }],
    ['completes the quest when it was the last', 2, { added: 2, progress: 5, target: 5, completes: true }],
    ['goes no further than the target', 9, { added: 2, progress: 5, target: 5, completes: true }],
  ])('%s', (_, amount, expected) => {
    expect(progressBy(objectives, 'kill', amount)).toEqual(expected);
  });
  test('of a complete objective is none', () => {
    expect(progressBy(objectives, 'fetch', 1)).toEqual({
      added: 0,
      progress: 1,
      target: 1,
      completes: false,
    });
  });
  test('of an objective that the quest has not is nothing at all', () => {
    expect(progressBy(objectives, 'dance', 1)).toBeNull();
  });
  test('whatever is reported: the sum of what counts is the progress, and never above the target', () => {
    const amounts = fc.array(fc.integer({ min: 1, max: 1_000_000 }), { minLength: 1 });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1_000_000 }), amounts, (target, reports) => {
        let progress = 0;
        let counted = 0;
        for (const amount of reports) {
          const step = progressBy([{ key: 'kill', progress, target }], 'kill', amount);
          progress = step?.progress ?? -1;
          counted += step?.added ?? 0;
          expect(step?.completes).toBe(progress === target);
        }
        const total = reports.reduce((sum, amount) => sum + amount, 0);
        expect(progress).toBe(Math.min(target, total));
        expect(counted).toBe(progress);
      }),
    );
  });
});
