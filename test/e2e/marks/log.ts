import type { Data, Listening } from '@fellowship/client';
import { expect } from 'vitest';
import type { Player } from '../../kit/client.ts';
import type { TestStack } from '../../kit/stack.ts';

export interface LogOptions {
  readonly graph: TestStack;
  /** The root field with its arguments but `after`: `guildActivity(guildId: "…")`. */
  readonly field: string;
  /** What to select of an event; `cursor` is among it. */
  readonly selection: string;
  /** Where it is stored: the subgraph's schema in the database, and the log's name there. */
  readonly schema: string;
  readonly subject: string;
  readonly readers: readonly Player[];
}

/** A log as several players read it, who must get the same, byte for byte. */
export interface Log {
  /** Reads what came since. */
  compare(): Promise<void>;
  /** Reads all there ever was in it, as things are now. */
  compareAll(): Promise<void>;
  /** The last event, which takes the log from all of them: what they may not see any more may be missing for some. */
  compareLast(): Promise<void>;
}

/**
 * What is in it already is compared at once: before anything changes that one of them might not have read yet.
 *
 * @param compared gets the types of the events that were compared
 */
export async function openLog(options: LogOptions, compared: Set<string>): Promise<Log> {
  const { graph, schema, subject, readers } = options;
  const cursorAt = (sequence: number) => Buffer.from(`${subject} ${sequence}`).toString('base64url');

  const head = () => graph.cursor(schema, subject);

  /** Each alone: with a cursor in the document itself a subscription is never shared. */
  function listen(): Promise<Listening[]> {
    const field = options.field.replace(/\)$/, `, after: "${cursorAt(0)}")`);
    const query = `subscription { event: ${field} { ${options.selection} } }`;
    return Promise.all(readers.map((each) => each.subscribe(query)));
  }

  async function readTo(last: string, listening: Listening): Promise<Data[]> {
    const events: Data[] = [];
    while (events.at(-1)?.cursor !== last) {
      const { data, errors } = await listening.next();
      expect(errors).toBeUndefined();
      events.push(data?.['event']);
    }
    return events;
  }

  async function compareTo(last: string, all: readonly Listening[]): Promise<void> {
    const [first = [], ...others] = await Promise.all(all.map((each) => readTo(last, each)));
    for (const each of others) expect(textOf(each)).toBe(textOf(first));
    for (const { __typename } of first) compared.add(__typename);
  }

  const live = await listen();
  let read = cursorAt(0);

  async function compare(): Promise<void> {
    const last = await head();
    if (last !== read) await compareTo(last, live);
    read = last;
  }

  await compare();
  return {
    compare,
    async compareAll() {
      const again = await listen();
      await compareTo(await head(), again);
      await Promise.all(again.map((each) => each.close()));
    },
    async compareLast() {
      const results = await Promise.all(live.map((each) => each.next()));
      const [first, ...others] = results.map(({ data }) => data?.['event']);
      for (const each of others) expect(textOf(common(each, first))).toBe(textOf(common(first, each)));
      compared.add(first.__typename);
      for (const each of live) {
        expect((await each.next()).errors?.[0]?.extensions?.['code']).toBe('ACCESS_LOST');
        await each.close();
      }
    },
  };
}

const textOf = (value: Data) => JSON.stringify(value, null, 1);

/** A value without what is null, or an empty list, in the other. */
function common(value: Data, other: Data): Data {
  if (value === null || other === null) return null;
  if (Array.isArray(value)) {
    return other.length === 0 ? [] : value.map((each, nth) => common(each, other[nth]));
  }
  if (typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, common(each, other[key])]));
}
