import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { promisify } from 'node:util';
import { anyFreePort } from '@fellowship/embedded-postgres';
import postgres from 'postgres';
import type { Sent } from '../http/load.ts';
import { familyOf, startProgram, untilAnswers } from '../processes.ts';
import { playerIds } from '../system/world.ts';
import { ACTORS, GROUPS, MEMBERS } from './acts.ts';

/** Nakama on the same server as ours, with as many players, groups and members. */
export interface Nakama {
  readonly origin: string;
  pids(): Promise<number[]>;
  /** What it takes to do the act of this name; undefined: it has no such thing. */
  requests(act: string): Promise<Sent[] | undefined>;
  stop(): Promise<void>;
}

interface Account {
  readonly id: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** @param program the path of its server, as its users start it: with its defaults, and its log quiet as ours is */
export async function startNakama(program: string, serverUrl: string): Promise<Nakama> {
  const admin = postgres(serverUrl, { max: 1, onnotice: () => {} });
  await admin`create database nakama`;
  await admin.end();
  const { username, password, host } = new URL(serverUrl);
  const database = ['--database.address', `${username}:${password}@${host}/nakama`];
  await promisify(execFile)(program, ['migrate', 'up', ...database]);
  const [port, consolePort] = [await anyFreePort(), await anyFreePort()];
  const ports = ['--socket.port', String(port), '--console.port', String(consolePort)];
  const options = ['--logger.level', 'ERROR', '--session.token_expiry_sec', '86400'];
  const started = startProgram(program, { args: [...database, ...ports, ...options] });
  const origin = `http://127.0.0.1:${port}`;
  await untilAnswers(() => ask(origin, { path: '/healthcheck', headers: {} }));

  const accounts: Account[] = [];
  for (const playerId of playerIds) accounts.push(await authenticate(origin, playerId));
  const guilds: string[] = [];
  for (let nth = 0; nth < GROUPS; nth += 1) {
    const [group = ''] = await createGroups(origin, accounts, 1);
    guilds.push(group);
    const members = accounts.slice(0, nth === 0 ? MEMBERS : ACTORS);
    for (const { headers } of members) await ask(origin, { method: 'POST', path: joinOf(group), headers });
  }

  const actors = accounts.slice(0, ACTORS);
  const reads: Readonly<Record<string, (account: Account) => string>> = {
    'list 100 members': () => `/v2/group/${guilds[0]}/user?limit=100`,
    'a page of 20 members': () => `/v2/group/${guilds[0]}/user?limit=20`,
    'a player’s 20 groups': ({ id }) => `/v2/user/${id}/group?limit=20`,
    account: () => '/v2/account',
  };
  return {
    origin,
    pids: () => familyOf(started.pid),
    stop: started.stop,
    async requests(act) {
      if (act === 'join a group') {
        const groups = await createGroups(origin, accounts, GROUPS);
        // Whoever has made one is in it.
        return accounts.slice(GROUPS).map(({ headers }, nth) => {
          return { method: 'POST', path: joinOf(groups[nth % GROUPS] ?? ''), headers };
        });
      }
      const path = reads[act];
      return (
        path && actors.map((account) => ({ method: 'GET', path: path(account), headers: account.headers }))
      );
    },
  };
}

const joinOf = (group: string) => `/v2/group/${group}/join`;

async function authenticate(origin: string, id: string): Promise<Account> {
  // Its default server key.
  const authorization = `Basic ${Buffer.from('defaultkey:').toString('base64')}`;
  const path = '/v2/account/authenticate/device?create=true';
  const { token } = await ask(origin, {
    method: 'POST',
    path,
    headers: { authorization },
    body: JSON.stringify({ id }),
  });
  const { uid } = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString());
  return { id: uid, headers: { authorization: `Bearer ${token}` } };
}

/** Open to all, by one account each. */
async function createGroups(origin: string, accounts: readonly Account[], count: number): Promise<string[]> {
  const ids = accounts.slice(0, count).map(async ({ headers }) => {
    const body = JSON.stringify({ name: randomUUID(), open: true, max_count: 1_000 });
    return (await ask(origin, { method: 'POST', path: '/v2/group', headers, body })).id;
  });
  return Promise.all(ids);
}

// biome-ignore lint/suspicious/noExplicitAny: what it answers is its own.
async function ask(origin: string, { path, ...request }: Sent): Promise<any> {
  const response = await fetch(`${origin}${path}`, request);
  if (!response.ok) throw new Error(`Nakama answers ${response.status} ${await response.text()}`);
  return response.json();
}
