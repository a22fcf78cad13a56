import { lineOf, linesOf } from '@fellowship/text';
import type { MediaItem } from '../tables/index.ts';

/** What clients put on a page, as it is kept; null when it can't be. Lengths are in code points. */

const longest = { headline: 120, body: 20_000, tag: 30, caption: 200, url: 2_000 };
const most = { tags: 10, media: 10 };

export const headlineOf = (text: string): string | null => lineOrNothing(text, longest.headline);

export const bodyOf = (text: string): string | null => linesOf(text, 0, longest.body);

/** Lower case, compatible forms as one, spaces as hyphens: whoever searches need not know how it was written. */
export function tagOf(text: string): string | null {
  const tag = text
    .normalize('NFKC')
    .trim()
    .toLowerCase()
    .replace(/[\s_]+/gu, '-');
  return tag.isWellFormed() && tagShape.test(tag) && [...tag].length <= longest.tag ? tag : null;
}

const tagShape = /^[\p{L}\p{M}\p{N}]+(-[\p{L}\p{M}\p{N}]+)*$/u;

/** Each tag once, in the order given. */
export function tagsOf(texts: readonly string[]): string[] | null {
  const tags = allOf(texts, tagOf);
  const distinct = tags && [...new Set(tags)];
  return distinct && distinct.length <= most.tags ? distinct : null;
}

/** Only https: what loads a page's media must not be sent elsewhere, nor show a password. */
export function mediaUrlOf(text: string): string | null {
  if (!text.isWellFormed() || text.length > longest.url || !URL.canParse(text)) return null;
  const { protocol, username, password, href } = new URL(text);
  return protocol === 'https:' && username === '' && password === '' && href.length <= longest.url
    ? href
    : null;
}

export function mediaOf(
  items: readonly { readonly url: string; readonly caption?: string | null }[],
): MediaItem[] | null {
  const media = allOf(items, ({ url: given, caption: said }) => {
    const url = mediaUrlOf(given);
    const caption = lineOrNothing(said ?? '', longest.caption);
    return url === null || caption === null ? null : { url, caption };
  });
  return media && media.length <= most.media ? media : null;
}

const lineOrNothing = (text: string, length: number) => (text.trim() === '' ? '' : lineOf(text, 1, length));

function allOf<From, To>(from: readonly From[], make: (one: From) => To | null): To[] | null {
  const to = from.map(make).filter((one) => one !== null);
  return to.length === from.length ? to : null;
}
