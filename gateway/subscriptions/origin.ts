import type { IncomingMessage } from 'node:http';

/**
 * Whether a page may open a WebSocket here: browsers let any page do so, and say only in `Origin` which one it is.
 * Other clients send no `Origin`.
 *
 * @param allowed origins such as `https://game.example`, or `*` for all; a page of this same host always may
 */
export function originAllowed({ headers }: IncomingMessage, allowed: readonly string[]): boolean {
  const { origin, host } = headers;
  if (origin === undefined || allowed.includes('*') || allowed.includes(origin)) return true;
  return URL.canParse(origin) && new URL(origin).host === host;
}
