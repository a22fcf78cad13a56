import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isRunning } from '@fellowship/embedded-postgres';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Runtime, readRuntimeFile } from './index.ts';

let state: string;
let command: ChildProcess | undefined;
let output: string;

beforeAll(async () => {
  state = await mkdtemp(join(tmpdir(), 'fellowship-main-'));
  await chmod(state, 0o711);
});

afterEach(async () => {
  if (command && command.exitCode === null && command.signalCode === null) {
    command.kill('SIGTERM');
    await once(command, 'exit');
  }
});

afterAll(async () => {
  await rm(state, { recursive: true });
});

function launch(script: string, ...options: string[]): ChildProcess {
  const environment = {
    FELLOWSHIP_STATE: state,
    GATEWAY_PORT: '0',
    PARTY_PORT: '0',
    GUILD_PORT: '0',
    GROUP_PORT: '0',
  };
  const child = spawn(process.execPath, [join(import.meta.dirname, script), ...options], {
    env: environment,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => {
      output += chunk;
    });
  }
  return child;
}

async function start(script: string): Promise<Runtime> {
  output = '';
  command = launch(script);
  for (;;) {
    const runtime = await readRuntimeFile(state);
    if (runtime !== undefined && output.includes('Ctrl-C')) return runtime;
    if (command.exitCode !== null) throw new Error(output);
    await sleep(50);
  }
}

async function databasePid(): Promise<number> {
  return Number.parseInt(await readFile(join(state, 'postgres/cluster/data/postmaster.pid'), 'utf8'), 10);
}

/** Ends what runs, which leaves nothing. */
async function expectOrderlyStop({ url, pid }: Runtime, signal: 'SIGINT' | 'SIGTERM'): Promise<void> {
  const database = await databasePid();
  process.kill(pid, signal);
  const [code] = await once(command as ChildProcess, 'exit');
  expect(code).toBe(0);
  expect(isRunning(database)).toBe(false);
  expect(await readdir(state)).not.toContain('runtime.json');
  await expect(fetch(url)).rejects.toThrow('fetch failed');
}

describe.each([
  ['main.ts', 'SIGINT'],
  ['services.ts', 'SIGINT'],
  ['services.ts', 'SIGTERM'],
] as const)('%s', (script, signal) => {
  it(`starts, says where, and stops in order on ${signal}`, async () => {
    const runtime = await start(script);
    const { url, pid } = runtime;
    expect(pid).toBe(command?.pid);
    expect(output).toContain(`Explorer        ${url}/\n`);
    expect((await fetch(`${url}/readyz`)).status).toBe(200);
    await expectOrderlyStop(runtime, signal);
  });
});

describe('main.ts', () => {
  it('says in one sentence that the checkout’s database is in use, and the first goes on, until SIGTERM', async () => {
    const runtime = await start('main.ts');
    output = '';
    const [code] = await once(launch('main.ts'), 'exit');
    expect(code).toBe(1);
    expect(output).toMatch(/^The database in .* is in use by another process .*\n$/);
    expect(output).toContain(`(pid ${runtime.pid})`);
    expect((await fetch(`${runtime.url}/readyz`)).status).toBe(200);
    await expectOrderlyStop(runtime, 'SIGTERM');
  });

  it('takes no options, and says so', async () => {
    output = '';
    const [code] = await once(launch('main.ts', '--port', '4999'), 'exit');
    expect(code).toBe(1);
    expect(output).toMatch(/^Unknown option '--port': .*\n$/);
  });

  it('stops and fails when its database ends', async () => {
    await start('main.ts');
    process.kill(await databasePid(), 'SIGQUIT');
    const [code] = await once(command as ChildProcess, 'exit');
    expect(code).toBe(1);
    expect(output).toContain('The database has ended.');
  });

  it('ends at once on a second Ctrl-C, with the database on its way down', async () => {
    const { url, pid } = await start('main.ts');
    const database = await databasePid();
    // A request that never arrives whole: the gateway would wait 10 s for it.
    const client = connect(Number(new URL(url).port), '127.0.0.1');
    client.on('error', () => {});
    client.write('GET / HTTP/1.1\r\n');
    await sleep(100);
    process.kill(pid, 'SIGINT');
    while (!output.includes('Press Ctrl-C again')) await sleep(10);
    process.kill(pid, 'SIGINT');
    const [code] = await once(command as ChildProcess, 'exit');
    expect(code).toBe(130);
    await expect.poll(() => isRunning(database)).toBe(false);
  });
});
