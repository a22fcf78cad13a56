import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { findProcess, isRunning } from './index.ts';

it('finds a process with its parent and its command line, until it has ended', async () => {
  const child = spawn('sleep', ['60']);
  await once(child, 'spawn');
  const pid = child.pid ?? 0;
  expect(findProcess(pid)).toEqual({ parent: process.pid, args: 'sleep 60' });
  expect(isRunning(pid)).toBe(true);
  child.kill();
  await once(child, 'exit');
  expect(findProcess(pid)).toBeUndefined();
  expect(isRunning(pid)).toBe(false);
});

it.runIf(process.platform === 'linux')('takes a zombie for gone', async () => {
  // A shell that has replaced itself with a program that never waits for the shell's child.
  const parent = spawn('sh', ['-c', 'sh -c "sleep 0.5" & echo $!; exec sleep 60'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const [output] = await once(parent.stdout, 'data');
  const zombie = Number(String(output));
  try {
    while (findProcess(parent.pid ?? 0)?.args !== 'sleep 60') await sleep(10);
    await expect.poll(() => findProcess(zombie)).toBeUndefined();
    expect(process.kill(zombie, 0)).toBe(true);
    expect(isRunning(zombie)).toBe(false);
  } finally {
    parent.kill();
  }
});
