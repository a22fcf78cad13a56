import { lineOf, linesOf } from '@fellowship/text';
import { deny } from './denials.ts';

/** A name or key as it is kept: one line of 1 to `longest` characters. INVALID_INPUT otherwise. */
export const lineFrom = (input: string, longest: number, path: readonly string[]): string =>
  lineOf(input, 1, longest) ?? deny('INVALID_INPUT', path);

/** A text as it is kept: without the spaces around it, 1 to `longest` characters. INVALID_INPUT otherwise. */
export const linesFrom = (input: string, longest: number, path: readonly string[]): string =>
  linesOf(input.trim(), 1, longest) ?? deny('INVALID_INPUT', path);

/** A whole number from a range, its ends included. */
export function numberFrom(input: number, [least, most]: readonly [number, number], path: readonly string[]) {
  if (input < least || input > most) deny('INVALID_INPUT', path);
  return input;
}
