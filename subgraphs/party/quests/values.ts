import { deny } from '../denials.ts';
import type { PartyQuestObjectiveInput } from '../schema.generated.ts';
import { lineFrom, numberFrom } from '../texts.ts';

/** The longest texts, in characters. */
export const longest = { key: 100, title: 200, reportId: 200 } as const;

/** From, and up to. */
export const range = { objectives: [1, 20], target: [1, 1_000_000], amount: [1, 1_000_000] } as const;

/** A quest's objectives as they are kept: no two with the same key. */
export function objectivesFrom(inputs: readonly PartyQuestObjectiveInput[]) {
  numberFrom(inputs.length, range.objectives, ['objectives']);
  const keys = new Set<string>();
  return inputs.map((input, place) => {
    const path = (field: string) => ['objectives', String(place), field];
    const key = lineFrom(input.key, longest.key, path('key'));
    if (keys.has(key)) deny('INVALID_INPUT', path('key'));
    keys.add(key);
    return {
      key,
      title: lineFrom(input.title, longest.title, path('title')),
      target: numberFrom(input.target ?? 1, range.target, path('target')),
    };
  });
}
