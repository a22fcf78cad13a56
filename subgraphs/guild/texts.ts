/** Texts that clients give, as they are kept; null when they can't be. Lengths are in code points. */

/** One line: trimmed, NFC, one space between words, no control characters nor any that turn text around. */
export function lineOf(text: string, longest: number): string | null {
  const line = text.normalize('NFC').replace(/\s+/gu, ' ').trim();
  return fits(line, /[\p{Cc}\p{Bidi_Control}]/u, 1, longest) ? line : null;
}

/** NFC, on as many lines as wanted. */
export function linesOf(text: string, shortest: number, longest: number): string | null {
  const lines = text.normalize('NFC');
  return fits(lines, /\0/, shortest, longest) ? lines : null;
}

/** Half a surrogate pair is no text: Postgres would keep another character. */
function fits(text: string, forbidden: RegExp, shortest: number, longest: number): boolean {
  const length = [...text].length;
  return text.isWellFormed() && !forbidden.test(text) && length >= shortest && length <= longest;
}
