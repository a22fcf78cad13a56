import { once } from 'node:events';
import { createServer } from 'node:net';
import { anyFreePort } from '@fellowship/embedded-postgres';
import { expect, it } from 'vitest';
import { choosePorts, movedPorts } from './ports.ts';

it('refuses a port that was asked for and is another’s', async () => {
  const taken = await anyFreePort();
  const squatter = createServer().listen(taken, '127.0.0.1');
  await once(squatter, 'listening');
  try {
    const choosing = choosePorts([{ name: 'party', asked: taken, usual: 8084 }]);
    await expect(choosing).rejects.toThrow(`Port ${taken} is taken: PARTY_PORT must name a free one`);
  } finally {
    squatter.close();
  }
});

it('gives each the port that was asked for, the usual one or the next free one, and none to two', async () => {
  const usual = await anyFreePort();
  const free = await anyFreePort();
  const squatter = createServer().listen(usual, '127.0.0.1');
  await once(squatter, 'listening');
  try {
    const wishes = [
      { name: 'party', asked: undefined, usual },
      { name: 'group', asked: undefined, usual: usual + 1 },
      { name: 'guild', asked: free, usual },
      { name: 'gateway', asked: 0, usual },
    ];
    const ports = await choosePorts(wishes);
    expect(ports.get('guild')).toBe(free);
    expect(new Set([...ports.values(), usual]).size).toBe(5);
    expect(movedPorts(wishes, ports).map(({ name }) => name)).toEqual(['party', 'group']);
  } finally {
    squatter.close();
  }
});
