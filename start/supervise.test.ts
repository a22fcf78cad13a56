import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { anyFreePort, isRunning } from '@fellowship/embedded-postgres';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { PortTaken } from './port-taken.ts';
import { type ServiceOptions, superviseService } from './supervise.ts';

let directory: string;
let port: number;
let stop: (() => Promise<void>) | undefined;
const errors: string[] = [];

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'supervise-'));
  port = await anyFreePort();
});

afterEach(async () => {
  await stop?.();
  stop = undefined;
  errors.length = 0;
  await rm(directory, { recursive: true });
});

/** A service that answers with its pid, and writes `drained` before it obeys a SIGTERM. */
async function options(): Promise<ServiceOptions> {
  const entry = join(directory, 'service.mjs');
  await writeFile(
    entry,
    `import { createServer } from 'node:http';
     import { writeFileSync } from 'node:fs';
     if (process.env.BROKEN) process.exit(3);
     createServer((_, response) => response.end(String(process.pid)))
       .on('error', () => process.exit(1))
       .listen(${port}, '127.0.0.1');
     process.once('SIGTERM', () => { writeFileSync('${join(directory, 'drained')}', ''); process.exit(0); });`,
  );
  const log = { info: () => {}, warn: () => {}, error: (_: object, text: string) => errors.push(text) };
  return {
    name: 'party',
    entry,
    environment: {},
    readyUrl: `http://127.0.0.1:${port}/readyz`,
    log: log as unknown as ServiceOptions['log'],
  };
}

async function pidOfService(): Promise<number> {
  for (;;) {
    const response = await fetch(`http://127.0.0.1:${port}`).catch(() => undefined);
    if (response !== undefined) return Number(await response.text());
    await sleep(20);
  }
}

const ended = (pid: number) => expect.poll(() => isRunning(pid)).toBe(false);

const drained = () => readFile(join(directory, 'drained'), 'utf8');

describe('superviseService', () => {
  it('is ready when the service is, and drains it', async () => {
    ({ stop } = await superviseService(await options()));
    const pid = await pidOfService();
    await stop();
    expect(isRunning(pid)).toBe(false);
    expect(await drained()).toBe('');
    expect(errors).toEqual([]);
  });

  it('starts a service that died again', async () => {
    ({ stop } = await superviseService(await options()));
    const first = await pidOfService();
    process.kill(first, 'SIGKILL');
    await ended(first);
    expect(await pidOfService()).not.toBe(first);
    expect(errors).toEqual(['The party service has ended; it starts again in 250 ms']);
  });

  it('does not try again when the service can’t even start', async () => {
    const broken = superviseService({ ...(await options()), environment: { BROKEN: 'yes' } });
    await expect(broken).rejects.toThrow('The party service ended while starting');
  });

  it('does not take who has its port for the service', async () => {
    const squatter = createServer((_, response) => response.end('ready')).listen(port, '127.0.0.1');
    await once(squatter, 'listening');
    try {
      await expect(superviseService(await options())).rejects.toThrow(PortTaken);
    } finally {
      squatter.close();
    }
  });

  it('has the service drained when the launcher is killed', async () => {
    const { log, ...plain } = await options();
    const launcher = spawn(
      process.execPath,
      [
        '--input-type=module',
        '--eval',
        `const { superviseService } = await import(${JSON.stringify(join(import.meta.dirname, 'supervise.ts'))});
         await superviseService({ ...${JSON.stringify(plain)}, log: console });
         console.log('ready');`,
      ],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    await once(launcher.stdout, 'data');
    const pid = await pidOfService();
    launcher.kill('SIGKILL');
    await ended(pid);
    expect(await drained()).toBe('');
  });
});
