import { createLog, maskError } from '@fellowship/server';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type NetworkProxy, startProxy } from '../../test/kit/proxy.ts';
import { type Data, startSubgraph, type TestSubgraph, viewer } from '../../test/kit/subgraph.ts';
import { createSubgraph } from './server.ts';

const log = createLog({ name: 'test', level: 'silent' });
let proxies: NetworkProxy[] = [];
let party: TestSubgraph;
beforeAll(async () => {
  party = await startSubgraph('party', async (deps) => {
    const url = new URL(deps.url);
    const proxy = await startProxy({ host: url.hostname, port: Number(url.port) });
    proxies.push(proxy);
    url.port = String(proxy.port);
    return createSubgraph({ ...deps, url: url.href, migrationUrl: url.href });
  });
});
afterAll(() => party?.close());

const codeOf = (error: unknown) => maskError(error, log, 'test').extensions?.['code'];
const create = 'mutation { partyCreate(input: {}) { party { id } errors { code } } }';

test('a database that is away is no fault of ours: reads, writes and subscriptions say so', async () => {
  const ada = viewer();
  const { partyCreate }: Data = await party.run(ada, create);
  const subscription = `subscription { partyActivity(partyId: "${partyCreate.party.id}") { cursor } }`;
  const events = await party.subscribe(ada, subscription);
  const next = events.next();
  await party.run(
    ada,
    `mutation { partyMessagePost(input: { partyId: "${partyCreate.party.id}", body: "a" }) { errors { code } } }`,
  );
  await next;

  await Promise.all(proxies.map((proxy) => proxy.close()));
  proxies = [];
  const read = await party.execute(ada, '{ me { party { id } } }');
  expect(read.data).toEqual({ me: { party: null } });
  expect(read.errors?.map(codeOf)).toEqual(['SUBGRAPH_UNAVAILABLE']);
  const write = await party.execute(viewer(), create);
  expect(write.data).toEqual({ partyCreate: null });
  expect(write.errors?.map(codeOf)).toEqual(['SUBGRAPH_UNAVAILABLE']);

  const anew = await party.subscribe(ada, subscription);
  expect(codeOf(await anew.next().catch((error: unknown) => error))).toBe('SUBGRAPH_UNAVAILABLE');
  await events.return();
});
