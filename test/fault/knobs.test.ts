import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type NetworkProxy, startProxy } from '../kit/proxy.ts';
import { seeded, shuffled } from './random.ts';

test('the same seed is the same chance, and an order holds all there was', () => {
  const things = Array.from({ length: 50 }, (_, index) => index);
  expect(shuffled(things, seeded(7))).toEqual(shuffled(things, seeded(7)));
  expect(shuffled(things, seeded(7))).not.toEqual(shuffled(things, seeded(8)));
  expect(shuffled(things, seeded(7)).toSorted((a, b) => a - b)).toEqual(things);
});

test('a process’s clock is as wrong as it is told', async () => {
  const tell = `setInterval(() => {}, 1_000);
    process.on('message', () =>
      process.send([Date.now(), new Date().getTime(), new Date(5).getTime(), new Date() instanceof Date]));
    process.send('ready')`;
  const skew = new URL('./skew.ts', import.meta.url).href;
  const child = spawn(process.execPath, ['--import', skew, '-e', tell], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const told: unknown[] = [];
  child.on('message', (message) => told.push(message));
  await expect.poll(() => told).toHaveLength(1);
  const before = Date.now();
  child.send(-90_000);
  await expect.poll(() => told).toHaveLength(3);
  child.kill();
  expect(told.slice(0, 2)).toEqual(['ready', -90_000]);
  const [now, made, given, is] = told[2] as [number, number, number, boolean];
  for (const moment of [now, made]) {
    expect(moment).toBeGreaterThanOrEqual(before - 90_000);
    expect(moment).toBeLessThanOrEqual(Date.now() - 90_000);
  }
  expect([given, is]).toEqual([5, true]);
}, 30_000);

describe('a network', () => {
  let server: Server;
  let proxy: NetworkProxy;
  let client: Socket;
  let heard = '';
  let answered = '';

  beforeEach(async () => {
    [heard, answered] = ['', ''];
    server = createServer((socket) => {
      socket.on('error', () => {});
      socket.on('data', (data) => {
        heard += data;
        socket.write(String(data).toUpperCase());
      });
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    proxy = await startProxy({ host: '127.0.0.1', port: (server.address() as { port: number }).port });
    client = connect(proxy.port, '127.0.0.1');
    client.on('data', (data) => {
      answered += data;
    });
    await say('a');
  });
  afterEach(async () => {
    client.destroy();
    await proxy.close();
    server.close();
  });

  /** Says a letter and waits for its answer. */
  async function say(letter: string): Promise<void> {
    client.write(letter);
    await expect.poll(() => answered.at(-1)).toBe(letter.toUpperCase());
  }

  test('holds what goes up, and lets it go', async () => {
    const letGo = proxy.hold('up', (opening) => opening === 'a');
    client.write('b');
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect(heard).toBe('a');
    letGo();
    await say('c');
    expect(heard).toBe('abc');
  });

  test('holds what comes down, and lets it go', async () => {
    const letGo = proxy.hold('down');
    client.write('b');
    await expect.poll(() => heard).toBe('ab');
    expect(answered).toBe('A');
    letGo();
    await expect.poll(() => answered).toBe('AB');
  });

  test('leaves others alone', async () => {
    proxy.hold('up', (opening) => opening === 'z');
    proxy.freeze((opening) => opening === 'z');
    await say('b');
  });

  test('holds the answers to one thing', async () => {
    const letGo = proxy.holdAnswers('!');
    await say('b');
    client.write('c!');
    await expect.poll(() => heard).toBe('abc!');
    expect(answered).toBe('AB');
    letGo();
    await expect.poll(() => answered).toBe('ABC!');
  });
});
