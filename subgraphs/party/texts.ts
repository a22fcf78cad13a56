import { deny } from './denials.ts';

/**
 * A text as it is kept: without the spaces around it, 1 to `longest` characters. Characters are code points, as
 * Postgres counts them. INVALID_INPUT otherwise, and for what Postgres can't store: U+0000 and halves of
 * surrogate pairs.
 */
export function textFrom(input: string, longest: number, path: readonly string[]): string {
  const text = input.trim();
  if (text === '' || [...text].length > longest) deny('INVALID_INPUT', path);
  if (text.includes('\0') || !text.isWellFormed()) deny('INVALID_INPUT', path);
  return text;
}

/** A whole number from a range, its ends included. */
export function numberFrom(input: number, [least, most]: readonly [number, number], path: readonly string[]) {
  if (input < least || input > most) deny('INVALID_INPUT', path);
  return input;
}
