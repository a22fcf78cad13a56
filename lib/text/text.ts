/**
 * Texts that clients give, as they are kept; null when they can't be. Lengths are in code points, as Postgres
 * counts them.
 */

/** One line: trimmed, NFC, one space between words, no control characters nor any that turn text around. */
export function lineOf(text: string, shortest: number, longest: number): string | null {
  const line = text.normalize('NFC').replace(/\s+/gu, ' ').trim();
  return fits(line, /[\p{Cc}\p{Bidi_Control}]/u, shortest, longest) ? line : null;
}

/**
 * On as many lines as wanted: NFC, no control characters but tabs and ends of lines. Those that turn text around
 * may be in it: right-to-left scripts need them, and they end with their paragraph.
 */
export function linesOf(text: string, shortest: number, longest: number): string | null {
  const lines = text.normalize('NFC');
  return fits(lines, /[^\P{Cc}\t\n\r]/u, shortest, longest) ? lines : null;
}

/** Half a surrogate pair is no text: Postgres would keep another character. */
function fits(text: string, forbidden: RegExp, shortest: number, longest: number): boolean {
  const length = [...text].length;
  return text.isWellFormed() && !forbidden.test(text) && length >= shortest && length <= longest;
}
