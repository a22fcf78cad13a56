/** An operation that a reader finds open in a tab of its own and can run as it is. */
export type ExampleTab = {
  /** What it shows: the comment above the operation, one line or several. */
  title: string;
  /** One named operation; the name is the tab's. */
  query: string;
  /** GraphiQL 5.4 shows a tab's variables once the reader turns to it, so the first tab can't have any. */
  variables?: Record<string, unknown>;
};

/** A word that examples write in place of one of the reader's own ids, as a string: "MY_PARTY". */
export type StandIn = {
  /** Answers with the id as its only leaf. */
  query: string;
  /** What to tell the reader when there is none. */
  missing: string;
};

/** What the server tells the page, as JSON in a script element (which the content security policy never runs). */
export type PageConfig = {
  players: string[];
  tabs: ExampleTab[];
  standIns: Record<string, StandIn>;
  assets: { ruru: string; graphqlWs: string; page: string };
};

const ICON =
  'data:image/svg+xml,' +
  encodeURIComponent(
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32" fill="#d64292">' +
      '<circle cx="16" cy="9" r="6"/><circle cx="8" cy="22" r="6"/><circle cx="24" cy="22" r="6"/></svg>',
  );

/** The explorer's HTML: a bar above, GraphiQL in the middle, live events below. Player names are plain words. */
export function page(config: PageConfig): string {
  const { ruru, page: own } = config.assets;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Fellowship</title>
<link rel="icon" href="${ICON}">
<link rel="stylesheet" href="${ruru}ruru.css">
<link rel="stylesheet" href="${own}page.css">
<link rel="modulepreload" href="${ruru}ruru.js">
<script type="application/json" id="config">${JSON.stringify(config).replaceAll('<', '\\u003c')}</script>
<script type="module" src="${own}main.js"></script>
</head>
<body>
<header class="bar">
<h1>Fellowship</h1>
${config.players.length > 0 ? playerControl(config.players) : ''}
<a href="https://grafast.org/ruru/" target="_blank" rel="noreferrer">GraphiQL by Ruru</a>
</header>
<main id="graphiql"><p class="loading">Loading GraphiQL…</p></main>
<section id="live" class="live" aria-label="Live events" hidden></section>
<noscript>The explorer needs JavaScript. The API itself is at /graphql.</noscript>
</body>
</html>
`;
}

function playerControl(players: string[]): string {
  const choices = players.map(
    (name) => `<label><input type="radio" name="player" value="${name}"><span>${name}</span></label>`,
  );
  return `<fieldset class="players"><legend>Play as</legend>${choices.join('')}</fieldset>
<button type="button" id="copy-token">Copy token</button>
<button type="button" id="copy-player-id">Copy player ID</button>
<output id="notice" role="status"></output>`;
}
