import { setImmediate as turn } from 'node:timers/promises';
import { playerIdOf as playerOf } from '@fellowship/identity';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { coded } from '../errors.ts';
import {
  createModelLog,
  type ModelLog,
  type ModelSubscriber,
  settle,
  subscribeTo,
} from '../testing/model-log.ts';
import { runSharedFeed } from './shared-feed.ts';

const cursorOf = ({ data }: { data?: unknown }) => (data as { event: { cursor: string } }).event.cursor;
const feedOn = (log: ModelLog) => runSharedFeed({ open: log.open, probe: log.probe, cursorOf });

async function publish(log: ModelLog, count = 1): Promise<void> {
  for (let nth = 0; nth < count; nth++) log.publish();
  await settle();
}

/** A feed with these on it, all of whom listen. */
async function feedOf(...names: string[]) {
  const log = createModelLog();
  const feed = feedOn(log);
  const subscribers = names.map((name) => subscribeTo(feed, name));
  await settle();
  return { log, feed, subscribers };
}

/** A feed that Ada is on and Bea joins: her access has been asked for, and the answer comes when it is told to. */
async function joiningOn(log: ModelLog) {
  const late = Promise.withResolvers<void>();
  const probe: ModelLog['probe'] = (request) => log.probe(request).then(() => late.promise);
  const feed = runSharedFeed({ open: log.open, probe, cursorOf });
  const ada = subscribeTo(feed, 'Ada');
  await settle();
  const bea = subscribeTo(feed, 'Bea');
  await settle();
  return { ada, bea, answer: late.resolve };
}

const outcome = ({ got, ended }: ModelSubscriber) => ({ got: [...got], ended });

describe('a feed of many players', () => {
  it('has one upstream and one execution an event, whoever listens', async () => {
    const { log, subscribers } = await feedOf('Ada', 'Bea', 'Cid', 'Ada');
    await publish(log, 3);
    for (const each of subscribers) expect(outcome(each)).toEqual({ got: [1, 2, 3], ended: undefined });
    expect(log.opened).toHaveLength(1);
    expect(log.executed).toHaveLength(3);
    expect(log.probed).toHaveLength(3);
  });

  it('refuses who may not read the log, though it runs', async () => {
    const { log, feed, subscribers } = await feedOf('Ada', 'Bea');
    log.kick(subscribeTo(feed, 'Eve').player);
    const eve = subscribeTo(feed, 'Eve');
    await publish(log);
    expect(outcome(eve)).toEqual({ got: [], ended: 'NOT_FOUND' });
    for (const each of subscribers) expect(outcome(each)).toEqual({ got: [1, 2], ended: undefined });
  });

  it('refuses the first who may not read the log, and serves the next', async () => {
    const log = createModelLog();
    const feed = feedOn(log);
    const eve = subscribeTo(feed, 'Eve');
    log.kick(eve.player);
    const bea = subscribeTo(feed, 'Bea');
    await settle();
    await publish(log);
    expect(outcome(eve)).toEqual({ got: [], ended: 'NOT_FOUND' });
    expect(outcome(bea)).toEqual({ got: [2], ended: undefined });
  });

  it.each([
    ['one of the others', 1],
    ['the leader', 0],
  ])('tells who loses access so, and nothing after: %s', async (_, nth) => {
    const { log, subscribers } = await feedOf('Ada', 'Bea', 'Cid', 'Dan');
    await publish(log);
    log.kick(subscribers[nth]?.player ?? '');
    log.publish();
    log.publish();
    await settle();
    const [kicked] = subscribers.splice(nth, 1);
    expect(kicked && outcome(kicked)).toEqual({ got: [1, 2], ended: 'ACCESS_LOST' });
    for (const each of subscribers) expect(outcome(each)).toEqual({ got: [1, 2, 3, 4], ended: undefined });
  });

  it('gives nobody what was executed in the name of one who may not see it all, while others may', async () => {
    const { log, subscribers } = await feedOf('Ada', 'Bea', 'Cid');
    for (let nth = 0; nth < 3; nth++) log.publish();
    log.kick(subscribers[0]?.player ?? '');
    await settle();
    for (const { got, missing } of subscribers)
      expect({ got, missing }).toEqual({ got: [1, 2, 3, 4], missing: [] });
    expect(log.opened).toEqual(subscribers.slice(0, 2).map(({ player }) => player));
  });

  it('asks anew for who loses access between the answer and its arrival', async () => {
    const log = createModelLog();
    const { ada, bea, answer } = await joiningOn(log);
    log.kick(bea.player);
    await publish(log);
    answer();
    await settle();
    expect(outcome(bea)).toEqual({ got: [], ended: 'NOT_FOUND' });
    expect(outcome(ada)).toEqual({ got: [1, 2], ended: undefined });
  });

  it.each(Array.from({ length: 40 }, (_, ticks) => ticks))(
    'leaves nobody on it who loses access just as they are let in, %i microtasks before',
    async (ticks) => {
      const log = createModelLog(async () => {});
      const { ada, bea, answer } = await joiningOn(log);
      // Begun before the kick: of what is due at once, the answer comes first.
      const answerLate = async () => {
        for (let nth = 0; nth < ticks; nth++) await null;
        answer();
      };
      void answerLate();
      log.kick(bea.player);
      await publish(log);
      expect(outcome(ada)).toEqual({ got: [1, 2], ended: undefined });
      expect(['ACCESS_LOST', 'NOT_FOUND']).toContain(bea.ended);
      expect(bea.got).not.toContain(2);
    },
  );

  it('does not say that access is lost, where it could not be asked for', async () => {
    const log = createModelLog();
    let away = false;
    const probe: ModelLog['probe'] = async (request) => {
      if (away) throw coded('SUBGRAPH_UNAVAILABLE', 'The party service is not available');
      await log.probe(request);
    };
    const feed = runSharedFeed({ open: log.open, probe, cursorOf });
    const [ada, bea] = [subscribeTo(feed, 'Ada'), subscribeTo(feed, 'Bea')];
    await settle();
    away = true;
    log.kick(ada.player);
    await settle();
    expect(ada.ended).toBe('SUBGRAPH_UNAVAILABLE');
    expect(bea.ended).toBe('SUBGRAPH_UNAVAILABLE');
  });

  it('asks for the access of those alone whom an event affects', async () => {
    const { log, subscribers } = await feedOf('Ada', 'Bea', 'Cid');
    const before = log.probed.length;
    log.kick(subscribers[2]?.player ?? '');
    await settle();
    expect(log.probed.slice(before)).toEqual([subscribers[2]?.player]);
  });

  it('ends for all, with the event that says so, when all lose access, without trying each', async () => {
    const { log, feed, subscribers } = await feedOf('Ada', 'Bea', 'Cid');
    log.close();
    await settle();
    for (const each of subscribers) expect(outcome(each)).toEqual({ got: [1], ended: 'ACCESS_LOST' });
    expect(feed.ended).toBe(true);
    expect(log.opened).toHaveLength(1);
    expect(log.running).toBe(0);
  });

  it('goes on without gap or repeat when its leader leaves, and ends with the last', async () => {
    const { log, feed, subscribers } = await feedOf('Ada', 'Bea', 'Cid');
    const [ada, bea, cid] = subscribers as [ModelSubscriber, ModelSubscriber, ModelSubscriber];
    ada.leave();
    log.publish();
    await settle();
    log.publish();
    bea.leave();
    await publish(log);
    expect(cid.got).toEqual([1, 2, 3]);
    expect(log.opened).toEqual([ada.player, bea.player, cid.player]);
    cid.leave();
    await settle();
    expect(feed.ended).toBe(true);
    expect(log.running).toBe(0);
  });

  it('ends for all with the subgraph’s error when that goes away', async () => {
    const { log, feed, subscribers } = await feedOf('Ada', 'Bea');
    await publish(log);
    log.crash();
    await settle();
    for (const each of subscribers)
      expect(outcome(each)).toEqual({ got: [1], ended: 'SUBGRAPH_UNAVAILABLE' });
    expect(feed.ended).toBe(true);
  });

  it('is joined just after a cursor among its latest, its first included', async () => {
    const { log, feed } = await feedOf('Ada');
    await publish(log, 3);
    const late = ['0', '2', '7'].map((after) => subscribeTo(feed, 'Bea', after));
    await publish(log);
    expect(late.map(outcome)).toEqual([
      { got: [1, 2, 3, 4], ended: undefined },
      { got: [3, 4], ended: undefined },
      { got: [], ended: 'not joined' },
    ]);
  });

  it('keeps its promises whatever happens in whatever order', async () => {
    const names = ['Ada', 'Bea', 'Cid', 'Dan', 'Eve'] as const;
    const step = fc.record({
      act: fc.constantFrom('join', 'join', 'publish', 'publish', 'kick', 'leave', 'settle'),
      name: fc.constantFrom(...names),
      turns: fc.nat(4),
    });
    const property = fc.asyncProperty(
      fc.array(step, { maxLength: 40 }),
      fc.boolean(),
      async (steps, witness) => {
        const log = createModelLog();
        let feed = feedOn(log);
        const seen: { subscriber: ModelSubscriber; left: boolean; from: number | undefined }[] = [];
        const kicks = new Map<string, number>();
        if (witness) seen.push({ subscriber: subscribeTo(feed, 'Wit'), left: false, from: undefined });
        for (const { act, name, turns } of steps) {
          const own = seen.find(({ subscriber, left }) => !left && subscriber.player === playerOf(name));
          if (act === 'join') {
            if (feed.ended) feed = feedOn(log);
            seen.push({ subscriber: subscribeTo(feed, name), left: false, from: undefined });
          } else if (act === 'publish') log.publish();
          else if (act === 'kick' && !kicks.has(playerOf(name))) {
            kicks.set(playerOf(name), log.kick(playerOf(name)));
          } else if (act === 'leave' && own) {
            own.left = true;
            own.subscriber.leave();
          } else if (act === 'settle') {
            await settle();
            for (const each of seen) each.from ??= log.length + 1;
          }
          for (let nth = 0; nth < turns; nth++) await turn();
        }
        await settle();
        for (const { subscriber, left, from } of seen) check(log, subscriber, left, from, kicks, witness);
        expect(log.running).toBeLessThanOrEqual(1);
      },
    );
    await fc.assert(property, { numRuns: 150 });
  }, 60_000);
});

/** What each subscriber is owed. `from`: the first event that certainly came after they listened. */
function check(
  log: ModelLog,
  { player, got, ended }: ModelSubscriber,
  left: boolean,
  from: number | undefined,
  kicks: ReadonlyMap<string, number>,
  witness: boolean,
): void {
  const first = got[0] ?? 0;
  expect(got).toEqual(got.map((_, nth) => first + nth));
  const kick = kicks.get(player);
  if (kick !== undefined) expect(got.at(-1) ?? 0).toBeLessThanOrEqual(kick);
  if (left) return;
  if (kick === undefined) {
    expect(ended).toBeUndefined();
    if (from !== undefined && from <= log.length) expect(first).toBeLessThanOrEqual(from);
    if (got.length > 0) expect(got.at(-1)).toBe(log.length);
  } else {
    expect(ended).toMatch(/ACCESS_LOST|NOT_FOUND/);
    // Where all lose access at once, nobody may be left in whose name to ask for the event.
    if (ended === 'ACCESS_LOST' && witness) expect(got.at(-1)).toBe(kick);
    if (ended === 'NOT_FOUND') expect(got).toEqual([]);
  }
}
