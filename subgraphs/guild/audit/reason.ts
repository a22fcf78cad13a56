import { linesOf } from '@fellowship/text';
import { deny } from '../denials.ts';

const longest = 500;

/** Why somebody does something, as they give it; null when they don't. Up to 500 characters, INVALID_INPUT otherwise. */
export function reasonOf(text: string | null | undefined): string | null {
  if (!text || text.trim() === '') return null;
  return linesOf(text, 1, longest) ?? deny('INVALID_INPUT', ['reason']);
}
