/** Repeatable chance: the same seed, the same choices. */
export interface Random {
  /** At least 0, less than 1. */
  next(): number;
  /** True in so many of 100 cases. */
  percent(chance: number): boolean;
  /** A whole number from 0 to `max`, both included. */
  upTo(max: number): number;
  of<T>(choices: readonly T[]): T;
}

/** mulberry32, seeded by the hash (FNV-1a) of a text. */
export function randomOf(text: string): Random {
  let state = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) {
    state = Math.imul(state ^ text.charCodeAt(index), 0x01000193);
  }
  function next(): number {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }
  const upTo = (max: number) => Math.floor(next() * (max + 1));
  return {
    next,
    percent: (chance) => next() * 100 < chance,
    upTo,
    of(choices) {
      const choice = choices[upTo(choices.length - 1)];
      if (choice === undefined) throw new Error('There is nothing to choose from');
      return choice;
    },
  };
}
