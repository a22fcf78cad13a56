// `pnpm -s run token --name Ada`: prints a development token, alone, to stdout. (`pnpm token` without `run` is npm’s
// own command of that name, which asks the registry.)
import { parseArgs } from 'node:util';
import { issueDevToken, loadOrCreateDevKeys, playerIdOf } from '@fellowship/identity';
import { readConfiguration } from './configuration.ts';
import { openDirectories } from './directories.ts';
import { durationSeconds } from './duration.ts';

const USAGE = `Usage: pnpm -s run token --name <player> [options]
  --name <name>        the player: the same name is always the same player (a UUID stands for itself)
  --tenant <name>      the game (default: demo)
  --community <name>   a realm of the player's; may be repeated (default: demo)
  --scope <scope>      for game servers, e.g. service:combat; may be repeated
  --expires <time>     such as 90s, 30m, 12h or 7d (default: 24h)`;

function readArguments() {
  const { values } = parseArgs({
    options: {
      name: { type: 'string' },
      tenant: { type: 'string' },
      community: { type: 'string', multiple: true },
      scope: { type: 'string', multiple: true },
      expires: { type: 'string', default: '24h' },
    },
  });
  const { name, tenant, community, scope, expires } = values;
  if (name === undefined || name === '') throw new Error('Whose token? Give a --name.');
  const scopes = scope?.flatMap((text) => text.split(/[\s,]+/));
  return { name, tenant, communities: community, scopes, expiresIn: durationSeconds(expires) };
}

try {
  const claims = readArguments();
  const { production, state } = readConfiguration(process.env);
  if (production) {
    throw new Error('With NODE_ENV=production there are no development tokens: ask the token issuer.');
  }
  const directories = await openDirectories(state);
  const keys = await loadOrCreateDevKeys(directories.state, undefined);
  const now = new Date();
  console.log(await issueDevToken(keys, claims, now));
  const until = new Date(now.getTime() + claims.expiresIn * 1000).toLocaleString();
  console.error(`Player ${playerIdOf(claims.name)} (${claims.name}), until ${until}.`);
  console.error('Send it as the header "Authorization: Bearer <token>".');
} catch (error) {
  console.error(`${error instanceof Error ? error.message : error}\n\n${USAGE}`);
  process.exitCode = 1;
}
