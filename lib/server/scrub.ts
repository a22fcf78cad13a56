/** JSON's: without a step back for each character, of which there can be too many. */
const STRING = String.raw`"[^"\\]*(?:\\.[^"\\]*)*"`;
/** What an array or an object has in it that has none in it. */
const WITHIN = `(?:[^"[\\]{}]|${STRING})*`;

/**
 * What proves who asks or opens a group is in no log, wherever it comes from: a driver's error with its parameters, a
 * URL, a message that quotes what a client sent. By what they look like, in a line of JSON, so that no caller has to
 * think of it. What is put in their place needs no escape.
 */
const SECRETS: readonly (readonly [RegExp, string])[] = [
  // Headers that prove who asks, at any depth. As paths of pino's, with wildcards, they took 1.5% of a query's
  // processor: each binding and each value of a line is looked through.
  [
    new RegExp(
      `"(authorization|cookie|set-cookie|fellowship-identity)":(?:${STRING}|[\\w.+-]+|\\[${WITHIN}\\]|\\{${WITHIN}\\})`,
      'gi',
    ),
    '"$1":"[redacted]"',
  ],
  // Drizzle's message: the statement, then its parameters, then the stack.
  [/\\nparams: (?:[^"\\]|\\.)*?(?=\\n {4}at |")/g, '\\nparams: [redacted]'],
  [/\beyJ[\w-]+\.[\w-]+\.[\w-]*/g, '[token]'],
  [/\b(Bearer) +[\w.~+/=-]+/gi, '$1 [token]'],
  [/(\/groups\/join\/)[^"\\\s?#]+/g, '$1[code]'],
  // Invite codes, of 8 or 12 characters. With a letter, so that no number is one, and no part of a UUID.
  [/(?<![\w-])(?=[2-9]*[A-Z])(?:[A-HJKMNP-Z2-9]{8}|[A-HJKMNP-Z2-9]{12})(?![\w-])/g, '[code]'],
];

export const scrub = (line: string): string =>
  SECRETS.reduce((text, [secret, instead]) => text.replace(secret, instead), line);
