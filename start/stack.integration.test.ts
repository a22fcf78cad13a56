import { stat } from 'node:fs/promises';
import { issueDevToken, loadOrCreateDevKeys, playerIdOf } from '@fellowship/identity';
import { expect, it } from 'vitest';
import { startThrowawayStack, type ThrowawayStack, type Topology } from './index.ts';

async function ask({ url, state }: ThrowawayStack, query: string): Promise<unknown> {
  const token = await issueDevToken(await loadOrCreateDevKeys(state, undefined), { name: 'Ada' }, new Date());
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify({ query }),
  });
  return response.json();
}

it.each<Topology>(['process', 'services'])(
  'answers in the topology “%s”, and leaves nothing',
  async (topology) => {
    const stack = await startThrowawayStack(topology);
    try {
      expect(await ask(stack, '{ me { id } }')).toMatchObject({ data: { me: { id: playerIdOf('Ada') } } });
    } finally {
      await stack.stop();
    }
    await expect(fetch(stack.url)).rejects.toThrow('fetch failed');
    await expect(stat(stack.state)).rejects.toMatchObject({ code: 'ENOENT' });
  },
  60_000,
);
