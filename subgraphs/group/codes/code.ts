/** Letters and digits that nobody mixes up when reading aloud: no I, L, O, 0, 1. */
const alphabet = 'ABCDEFGHJKMNPQRSTUVWXYZ23456789';
const length = 8;
const written = new RegExp(`^[${alphabet}]{${length}}$`, 'i');

/** A random whole number from 0 to below the given one, from a secure source. */
export type RandomInt = (below: number) => number;

/** A new code: one of 31^8, some 850 thousand million. */
export function drawCode(randomInt: RandomInt): string {
  return Array.from({ length }, () => alphabet.charAt(randomInt(alphabet.length))).join('');
}

/** The code a person means, or null when it can't be one. Case, spaces and hyphens don't matter; all else does. */
export function codeFrom(text: string): string | null {
  const code = text.replaceAll(/[ -]/g, '');
  return written.test(code) ? code.toUpperCase() : null;
}
