import { setTimeout as delay } from 'node:timers/promises';
import { pino } from 'pino';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { createDatabase, type TestDatabase } from '../../test/kit/database.ts';
import { type NetworkProxy, startProxy } from '../../test/kit/proxy.ts';
import type { Hints } from './hints.ts';
import { postgresHints } from './postgres-hints.ts';

const log = pino({ level: 'silent' });
let database: TestDatabase;
let proxy: NetworkProxy;
const opened: Hints[] = [];

beforeAll(async () => {
  database = await createDatabase();
  const { hostname, port } = new URL(database.url);
  proxy = await startProxy({ host: hostname, port: Number(port || 5432) });
});
afterEach(async () => {
  await Promise.all(opened.splice(0).map((hints) => hints.close()));
});
afterAll(async () => {
  await proxy.close();
  await database.drop();
});

/** Hints as another process has them; `proxied` ones lose their network with the proxy, and soon take it for lost. */
function open(proxied = false): Hints {
  const url = new URL(database.url);
  if (proxied) url.host = `127.0.0.1:${proxy.port}`;
  const patience = proxied ? 300 : 30_000;
  const hints = postgresHints({ url: url.href, channel: 'test', log, beat: 300, patience });
  opened.push(hints);
  return hints;
}

/** Listens, and resolves once hints are heard. */
async function listener(hints: Hints) {
  const onHint = vi.fn();
  hints.listen(onHint);
  await expect.poll(() => onHint).toHaveBeenCalled();
  await delay(50);
  onHint.mockClear();
  return onHint;
}

test('a hint reaches its own process at once and every other', async () => {
  const [mine, other] = [open(), open()];
  const [heardMine, heardOther] = [await listener(mine), await listener(other)];
  mine.send();
  expect(heardMine).toHaveBeenCalledTimes(1);
  await expect.poll(() => heardOther).toHaveBeenCalledTimes(1);
  await delay(100);
  expect(heardMine).toHaveBeenCalledTimes(1);
});

test('what listeners send themselves to see whether they hear is no hint', async () => {
  const heard = await listener(open());
  await listener(open());
  heard.mockClear();
  await delay(1_000);
  expect(heard).not.toHaveBeenCalled();
});

test.each([
  ['cut by the server', () => terminate()],
  ['cut on the way', async () => proxy.cut()],
  ['half-open', async () => proxy.freeze()],
])('connections that are %s: counts as a hint, and hints arrive again', async (_, breakThem) => {
  const heard = await listener(open(true));
  const other = open();
  await breakThem();
  await expect.poll(() => heard).toHaveBeenCalled();
  await delay(200);
  heard.mockClear();
  other.send();
  await expect.poll(() => heard).toHaveBeenCalled();
});

test('a sender whose connection is half-open sends again, on another', async () => {
  const sender = open(true);
  const heard = await listener(open());
  sender.send();
  await expect.poll(() => heard).toHaveBeenCalled();
  heard.mockClear();
  proxy.freeze();
  sender.send();
  await delay(500);
  sender.send();
  await expect.poll(() => heard).toHaveBeenCalled();
});

async function terminate(): Promise<void> {
  await database.sql`select pg_terminate_backend(pid) from pg_stat_activity
    where application_name = 'fellowship hints' and datname = current_database()`;
}
