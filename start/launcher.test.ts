import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isRunning } from '@fellowship/embedded-postgres';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { packageManagerChain } from './launcher.ts';

let directory: string;
let pids: number[];

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'launcher-'));
  pids = [];
});

afterEach(async () => {
  for (const pid of pids) if (isRunning(pid)) process.kill(pid, 'SIGKILL');
  await rm(directory, { recursive: true });
});

/** A script that, like npm, runs a command line in a shell, waits for it, and passes no signal on. */
async function packageManager(name: string, command: string): Promise<string> {
  const path = join(directory, name);
  const code = `
    const { spawn } = require('node:child_process');
    console.log(process.pid);
    const child = spawn('sh', ['-c', ${JSON.stringify(command)}], { stdio: 'inherit' });
    child.on('exit', () => process.exit());`;
  await writeFile(path, code);
  return `"${process.execPath}" "${path}"`;
}

/** Runs a command line in a shell and resolves with the first `count` process ids that it prints. */
async function run(command: string, count: number): Promise<{ shell: ChildProcess; printed: number[] }> {
  const shell = spawn('sh', ['-c', command], { stdio: ['ignore', 'pipe', 'inherit'] });
  pids.push(shell.pid ?? 0);
  let output = '';
  shell.stdout.on('data', (chunk) => {
    output += chunk;
  });
  while (output.split('\n').length <= count) await sleep(20);
  const printed = output.trim().split('\n').map(Number);
  pids.push(...printed);
  return { shell, printed };
}

async function endsWithin(pid: number, milliseconds: number): Promise<boolean> {
  const deadline = Date.now() + milliseconds;
  while (isRunning(pid) && Date.now() < deadline) await sleep(20);
  return !isRunning(pid);
}

describe('stopWhenLauncherDies', () => {
  it('notices that the outermost package manager was killed, although nothing tells us', async () => {
    // npx -> sh -> pnpm -> sh -> .bin/node -> us. What follows the command keeps a shell from replacing itself.
    const wrapper = join(directory, 'node-wrapper');
    const fixture = join(import.meta.dirname, 'launcher.fixture.ts');
    await writeFile(wrapper, `"${process.execPath}" "${fixture}"\nexit $?\n`);
    const pnpm = await packageManager('pnpm.cjs', `sh ${wrapper}; exit $?`);
    const npx = await packageManager('npx-cli.js', `${pnpm}; exit $?`);
    const { printed } = await run(`${npx}; exit $?`, 3);
    const [outer = 0, inner = 0, ours = 0] = printed;

    expect(await endsWithin(ours, 1_500)).toBe(false);
    process.kill(outer, 'SIGTERM');
    await expect.poll(() => isRunning(ours)).toBe(false);
    await expect.poll(() => isRunning(inner)).toBe(false);
  });

  it('outlives the shell that the package manager was started from', async () => {
    const fixture = join(import.meta.dirname, 'launcher.fixture.ts');
    const pnpm = await packageManager('pnpm.cjs', `"${process.execPath}" "${fixture}"; exit $?`);
    const { shell, printed } = await run(`${pnpm} & wait; exit $?`, 2);
    const [, ours = 0] = printed;
    shell.kill('SIGKILL');
    await once(shell, 'exit');
    expect(await endsWithin(ours, 2_500)).toBe(false);
  });
});

describe('packageManagerChain', () => {
  const chain = (...args: string[]) =>
    packageManagerChain(args.map((text, index) => ({ pid: index, args: text })));

  it('reaches up to the outermost package manager', () => {
    expect(
      chain(
        '/bin/sh /work/node_modules/.bin/node start/main.ts',
        'sh -c node start/main.ts',
        'node /root/.npm/_npx/1/node_modules/.bin/pnpm start',
        'sh -c pnpm start',
        'npm exec pnpm@10.34.8 start',
        '-bash',
        'sshd: ada@pts/0',
      ),
    ).toEqual([0, 1, 2, 3, 4]);
  });

  it('knows package managers by their program, not by a mention of one', () => {
    expect(chain('/bin/sh .bin/node start/main.ts', 'bash -c npx --yes pnpm start &', 'sshd')).toEqual([]);
    expect(chain('vim pnpm')).toEqual([]);
    expect(chain('/usr/bin/pnpm start')).toEqual([0]);
    expect(chain('/bin/sh /usr/local/bin/pnpm start')).toEqual([0]);
  });
});
