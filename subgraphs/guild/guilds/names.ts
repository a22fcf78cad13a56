/** What clients call a guild, as it is kept; null when it can't be. Lengths are in code points. */

const longestDescription = 2_000;

/** Trimmed, NFC, one space between words; no control characters, nor any that turn text around; 2 to 40 characters. */
export function nameOf(text: string): string | null {
  const name = text.normalize('NFC').replace(/\s+/gu, ' ').trim();
  const fits = isText(name, /[\p{Cc}\p{Bidi_Control}]/u) && isLong(name, 2, 40);
  return fits && nameKey(name).length >= 2 ? name : null;
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
  return isText(start, /\0/) ? nameKey(start) : null;
}

/** A slug that a client gives: lower case, groups of letters and digits joined by hyphens, 1 to 60 characters. */
export function slugOf(text: string): string | null {
  const slug = text.normalize('NFC').trim().toLowerCase();
  return slugShape.test(slug) && isLong(slug, 1, 60) ? slug : null;
}

/**
 * The slug of a name for which none was given: whatever stands between letters and digits becomes one hyphen.
 * Letters of any script stay as they are. Null for a name without any.
 */
export function slugFrom(name: string): string | null {
  return slugOf(name.replace(/[^\p{L}\p{M}\p{N}]+/gu, '-').replace(/^-|-$/g, ''));
}

/** NFC, up to 2,000 characters, on as many lines as wanted. */
export function descriptionOf(text: string): string | null {
  const description = text.normalize('NFC');
  return isText(description, /\0/) && isLong(description, 0, longestDescription) ? description : null;
}

const slugShape = /^[\p{L}\p{M}\p{N}]+(-[\p{L}\p{M}\p{N}]+)*$/u;

/** Half a surrogate pair is no text: Postgres would keep another character. */
const isText = (text: string, forbidden: RegExp) => text.isWellFormed() && !forbidden.test(text);

function isLong(text: string, shortest: number, longest: number): boolean {
  const length = [...text].length;
  return length >= shortest && length <= longest;
}
