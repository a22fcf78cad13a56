/** Letters and digits that nobody mistakes for one another, read aloud or written down: no I, L, O, 0, 1. */
const alphabet = 'ABCDEFGHJKMNPQRSTUVWXYZ23456789';

/**
 * 31^12 codes, 59 bits: a thousand guesses a second for a year hit one of a million open codes with a chance of
 * 4 %.
 */
const length = 12;

const shape = new RegExp(`^[${alphabet}]{${length}}$`);

/** A new invite code. `randomInt(n)` gives a whole number from 0 to n - 1 that nobody can predict. */
export function newCode(randomInt: (below: number) => number): string {
  return Array.from({ length }, () => alphabet.charAt(randomInt(alphabet.length))).join('');
}

/** A code that a player gives, as it is kept, or null when it can't be one. */
export function codeOf(text: string): string | null {
  const code = text.trim().toUpperCase();
  return shape.test(code) ? code : null;
}
