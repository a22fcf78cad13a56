import { lineOf, linesOf } from '@fellowship/text';

/** What clients call a guild, as it is kept; null when it can't be. Lengths are in code points. */

const longestDescription = 2_000;
const longestSlug = 60;

/** One line of 2 to 40 characters, two of which can be seen. */
export function nameOf(text: string): string | null {
  const name = lineOf(text, 2, 40);
  return name !== null && nameKey(name).length >= 2 ? name : null;
}

/**
 * Two names with the same key are the same name: case, compatible forms (`ﬁ`, full width) and characters that
 * can't be seen (a zero-width space) make no difference.
 */
export function nameKey(name: string): string {
  return name
    .normalize('NFKC')
    .replace(/\p{Default_Ignorable_Code_Point}/gu, '')
    .toLowerCase();
}

/** How the keys of names begin that begin with what someone searches for. Null: none can. */
export function searchKey(text: string): string | null {
  const start = text.replace(/\s+/gu, ' ').trimStart();
  return start.isWellFormed() && !start.includes('\0') ? nameKey(start) : null;
}

/** A slug that a client gives: lower case, groups of letters and digits joined by hyphens, 1 to 60 characters. */
export function slugOf(text: string): string | null {
  const slug = text.normalize('NFC').trim().toLowerCase();
  return slugShape.test(slug) && [...slug].length <= longestSlug ? slug : null;
}

/**
 * The slug of a name for which none was given: whatever stands between letters and digits becomes one hyphen.
 * Letters of any script stay as they are. Null for a name without any.
 */
export function slugFrom(name: string): string | null {
  return slugOf(name.replace(/[^\p{L}\p{M}\p{N}]+/gu, '-').replace(/^-|-$/g, ''));
}

/** Up to 2,000 characters, on as many lines as wanted. */
export const descriptionOf = (text: string): string | null => linesOf(text, 0, longestDescription);

const slugShape = /^[\p{L}\p{M}\p{N}]+(-[\p{L}\p{M}\p{N}]+)*$/u;
