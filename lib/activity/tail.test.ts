import type { LineReads, Query } from '@fellowship/postgres';
import { pino } from 'pino';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { ActivityQueries } from './queries.ts';
import { Tail } from './tail.ts';

/** A server that can crash: a connection from before hears no more of it, and ids are given out again. */
class FakeServer implements LineReads {
  xid = 100n;
  looks = 0;
  log: { xid: string; position: bigint; tenantId: string; subject: string }[] = [];
  #run = 0;

  write(position: bigint): void {
    this.log.push({ xid: String(this.xid), position, tenantId: 'a', subject: 'party:1' });
    this.xid += 1n;
  }
  crash(xid: bigint): void {
    this.#run += 1;
    this.xid = xid;
  }
  steady() {
    const since = this.#run;
    return {
      run: async <Result>({ name }: Query<Result>, values: Record<string, unknown>): Promise<Result> => {
        if (this.#run !== since) throw new Error('The connection was lost');
        if (name === 'now') return [{ xid: String(this.xid) }] as Result;
        this.looks += 1;
        return this.log.filter(({ xid }) => BigInt(xid) > BigInt(String(values['xid'])) - 1n) as Result;
      },
    };
  }
  run<Result>(query: Query<Result>, values: Record<string, unknown>): Promise<Result> {
    return this.steady().run(query, values);
  }
}

let server: FakeServer;
let tail: Tail;
let hint = () => {};

beforeEach(() => {
  server = new FakeServer();
  const queries = { now: { name: 'now' }, tail: { name: 'tail' } } as ActivityQueries;
  const hints = {
    send: () => {},
    listen: (onHint: () => void) => {
      hint = onHint;
      return () => {};
    },
    close: async () => {},
  };
  tail = new Tail({ queries, reads: server, hints, log: pino({ level: 'silent' }) });
});
afterEach(() => tail.close());

const hintUntil = (condition: () => boolean) =>
  expect
    .poll(() => {
      hint();
      return condition();
    })
    .toBe(true);

test('after a crash that gives transaction ids out again, listeners are in doubt and hear what comes', async () => {
  const listener = { row: vi.fn(), doubt: vi.fn() };
  await tail.listen('a', 'party:1', listener);
  await hintUntil(() => server.looks > 0);
  server.crash(90n);
  server.write(7n);
  await hintUntil(() => listener.doubt.mock.calls.length > 0);
  server.write(8n);
  await hintUntil(() => listener.row.mock.calls.length > 0);
  expect(listener.row).toHaveBeenCalledWith(expect.objectContaining({ position: 8n }));
  expect(listener.doubt).toHaveBeenCalledTimes(1);
});
