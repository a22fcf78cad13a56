import type { Stack } from './stack.ts';

/** What someone who has just started Fellowship wants to know. */
export function banner(
  { url, urls, services, database, moved }: Omit<Stack, 'failed' | 'stop'>,
  { production, explorer }: { readonly production: boolean; readonly explorer: boolean },
): string {
  const facts: [string, string][] = [
    ...(explorer ? [['Explorer', `${url}/`] satisfies [string, string]] : []),
    ['GraphQL', `${url}/graphql`],
    ['Subscriptions', `${url.replace(/^http/, 'ws')}/graphql (graphql-transport-ws)`],
    ...urls.slice(1).map((other): [string, string] => ['Another gateway', `${other}/graphql`]),
    ...Object.entries(services).map(([name, at]): [string, string] => [`Subgraph ${name}`, at]),
  ];
  if (!production) facts.push(['A token', 'npx pnpm@10.34.8 -s run token --name Ada']);
  if (database) facts.push(['Data', `${database.directory} (PostgreSQL on port ${database.port})`]);
  facts.push(['Stop', 'Ctrl-C']);

  const lines = facts.map(([label, value]) => `  ${label.padEnd(15)} ${value}`);
  const notes = moved.map(({ name, usual }) => `  Port ${usual} is taken, so ${name} has the next free one.`);
  return ['', '  Fellowship is running.', '', ...lines, ...(notes.length > 0 ? ['', ...notes] : []), ''].join(
    '\n',
  );
}
