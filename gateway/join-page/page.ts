import { createHash } from 'node:crypto';

/** What the page shows of an invitation. */
export interface Invitation {
  readonly code: string;
  readonly groupName: string;
  readonly organizationName: string;
  readonly appUrl: string;
  readonly telegramUrl: string | null;
}

const STYLE = `
:root { color-scheme: light dark; --text: #1d1b26; --soft: #5f5b6e; --back: #f4f2f8; --card: #fff; --main: #a3246a; }
@media (prefers-color-scheme: dark) {
  :root { --text: #f1eef8; --soft: #aaa5ba; --back: #15131c; --card: #211e2b; --main: #ff8cc6; }
}
* { box-sizing: border-box; }
body { margin: 0; min-height: 100vh; min-height: 100svh; display: grid; place-items: center; padding: 1rem;
  background: var(--back); color: var(--text); font: 1rem/1.5 system-ui, sans-serif; }
main { width: 100%; max-width: 26rem; padding: 2rem 1.5rem; border-radius: 1rem; background: var(--card);
  text-align: center; overflow-wrap: anywhere; }
h1 { margin: 0; font-size: 1.75rem; line-height: 1.2; }
p { margin: .5rem 0; color: var(--soft); }
a { display: block; margin-top: .75rem; padding: .75rem 1rem; border: 2px solid var(--main); border-radius: .6rem;
  color: var(--main); font-weight: 600; text-decoration: none; }
a.first { margin-top: 1.5rem; background: var(--main); color: var(--card); }
a:focus-visible { outline: 3px solid var(--text); outline-offset: 2px; }
.code { margin: 0; color: var(--text); font: 600 1.6rem/1.5 ui-monospace, monospace; letter-spacing: .08em; }
.aside { margin-top: 1.75rem; }
`;

/** No script, nothing from anywhere, framed by nobody; the one style is known by its hash. */
export const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  `style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'`,
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

export function invitationPage({
  code,
  groupName,
  organizationName,
  appUrl,
  telegramUrl,
}: Invitation): string {
  const telegram =
    telegramUrl === null ? '' : `\n<a href="${escaped(telegramUrl)}" rel="noreferrer">Open in Telegram</a>`;
  return document(
    `Join ${escaped(groupName)}`,
    `<p>You are invited to</p>
<h1><bdi>${escaped(groupName)}</bdi></h1>
<p>a group of <bdi>${escaped(organizationName)}</bdi></p>
<a class="first" href="${escaped(appUrl)}" rel="noreferrer">Open in the app</a>${telegram}
<p class="aside">Or enter this code in the app:</p>
<p class="code">${escaped(`${code.slice(0, 4)} ${code.slice(4)}`)}</p>`,
  );
}

export const notFoundPage = message(
  'No such invitation',
  'The link is not complete, or is not valid any more. Ask whoever sent it for a new one.',
);
export const tooManyPage = message('Too many tries', 'Wait a few minutes, then open the link again.');
export const unavailablePage = message('Not available right now', 'Open the link again in a minute.');

function message(title: string, text: string): string {
  return document(title, `<h1>${title}</h1>\n<p>${text}</p>`);
}

function document(title: string, main: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex, nofollow">
<title>${title}</title>
<style>${STYLE}</style>
</head>
<body>
<main>
${main}
</main>
</body>
</html>
`;
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Text for between tags and inside quoted attributes. */
function escaped(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
}
