import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { expect, test } from 'vitest';
import { within } from './index.ts';

/** Keeps this thread from everything else. */
const block = (milliseconds: number) =>
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);

test('an answer that came while the process was busy counts, however late it is read', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('No port');
  const socket = connect(address.port, '127.0.0.1');
  const [[other]] = await Promise.all([once(server, 'connection'), once(socket, 'connect')]);
  const answer = within(20, once(socket, 'data'));
  other.end('answer');
  block(60);
  await expect(answer).resolves.toBeDefined();
  socket.destroy();
  server.close();
});

test('what is never answered is rejected, and the rejection of the promise is passed on', async () => {
  await expect(within(5, new Promise(() => {}))).rejects.toThrow('No answer within 5 ms');
  await expect(within(5, Promise.reject(new Error('no')))).rejects.toThrow('no');
});
