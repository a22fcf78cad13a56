import { LRUCache } from 'lru-cache';
import MarkdownIt from 'markdown-it';
import sanitizeHtml from 'sanitize-html';

/**
 * Two walls, each enough by itself: the renderer writes HTML in the source as text, and the sanitizer lets through
 * only what is listed, should the renderer ever be wrong. No linkify: that is where its slow cases were found
 * (GHSA-38c4-r59v-3vqw).
 */
const markdown = new MarkdownIt({ html: false, linkify: false });

const text = [
  'p',
  'br',
  'hr',
  'h1',
  'h2',
  'h3',
  'h4',
  'h5',
  'h6',
  'blockquote',
  'pre',
  'code',
  'em',
  'strong',
  's',
];
const lists = ['ul', 'ol', 'li'];
const tables = ['table', 'thead', 'tbody', 'tr', 'th', 'td'];

const allowed: sanitizeHtml.IOptions = {
  allowedTags: [...text, ...lists, ...tables, 'a', 'img'],
  allowedAttributes: { a: ['href', 'title', 'rel'], img: ['src', 'alt', 'title'], ol: ['start'] },
  allowedSchemes: ['https'],
  allowProtocolRelative: false,
  transformTags: {
    // Guests wrote it: no vote in searches, and no handle on the page it was opened from.
    a: (tagName, { href, title }) => {
      const attribs = { ...(title && { title }), ...(href && isHttps(href) && { href }) };
      return { tagName, attribs: { ...attribs, rel: 'nofollow ugc noopener noreferrer' } };
    },
  },
  exclusiveFilter: ({ tag, attribs }) => tag === 'img' && !isHttps(attribs['src'] ?? ''),
};

/** A relative URL would lead somewhere in whatever application shows the page. */
const isHttps = (url: string) => /^https:\/\//i.test(url);

/** Up to 8 million characters of bodies and what was made of them. */
const rendered = new LRUCache<string, string>({
  maxSize: 8_000_000,
  sizeCalculation: (html, body) => html.length + body.length + 1,
});

/**
 * Markdown as HTML that may be put into any page. Made when it is read, not when it is written, so that what was
 * written before profits when the libraries learn something; the latest are remembered.
 */
export function htmlOf(body: string): string {
  const known = rendered.get(body);
  if (known !== undefined) return known;
  const html = sanitizeHtml(markdown.render(body), allowed);
  rendered.set(body, html);
  return html;
}
