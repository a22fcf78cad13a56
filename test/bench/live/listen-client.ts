import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { WebSocket } from 'ws';
import { quantile } from '../report/statistics.ts';
import type { Ask, Connect, Hear, Heard } from './listen.ts';
import { openSocket } from './socket.ts';
import { createTally, type Tally } from './tally.ts';

/** The process behind `startListeners`. */

/** Events on their way at saturation: the gateway never waits for the next, and no queue of it is ever full. */
const WINDOW = 32;
/** Milliseconds after which an event that has not come counts as lost. */
const LOST_AFTER = 20_000;
/** Milliseconds for an event to come to all sockets before the next is tried: none says when it has begun to listen. */
const TRY = 1_000;

interface Session {
  readonly tally: Tally;
  readonly publisher: WebSocket;
  readonly sockets: readonly WebSocket[];
  /** Rejects when a socket is sent what it should not be. */
  readonly fault: Promise<never>;
}

async function connect({ url, params, query, publisher: publisherUrl }: Connect): Promise<Session> {
  const publisher = new WebSocket(publisherUrl);
  await once(publisher, 'open');
  const fault = Promise.withResolvers<never>();
  // It counts when somebody waits for an answer.
  fault.promise.catch(() => {});
  const tally = createTally(params.length, (count) => publisher.send(String(count)));
  const opening = params.map((params) =>
    openSocket({ url, params, query, onEvent: tally.take, onFault: fault.reject }),
  );
  const sockets = await Promise.race([Promise.all(opening), fault.promise]);
  const session = { tally, publisher, sockets, fault: fault.promise };
  await untilAllListen(session);
  return session;
}

async function untilAllListen({ tally, fault }: Session): Promise<void> {
  const deadline = performance.now() + LOST_AFTER;
  do {
    if (performance.now() > deadline) throw new Error('Not every socket gets what happens');
    tally.publish(1);
    await Promise.race([tally.complete(), delay(TRY), fault]);
  } while (tally.missing > 0);
  tally.begin();
}

/** The next events are published when half of the window is delivered: not one by one, which costs more. */
async function saturate({ tally }: Session, seconds: number): Promise<void> {
  const end = performance.now() + seconds * 1_000;
  tally.publish(WINDOW);
  tally.onDelivered = () => {
    if (performance.now() < end && tally.missing <= WINDOW / 2) tally.publish(WINDOW / 2);
  };
  await delay(seconds * 1_000);
}

/** An event happens when this wakes: what the timer is late by is not the gateway's. */
async function pace({ tally }: Session, seconds: number, rate: number): Promise<void> {
  const began = performance.now();
  for (let passed = 0, published = 0; passed < seconds; passed = (performance.now() - began) / 1_000) {
    const due = Math.floor(passed * rate) - published;
    if (due > 0) tally.publish(due);
    published += due;
    await delay(1);
  }
}

async function hear(session: Session, { seconds, rate }: Hear): Promise<Heard> {
  const { tally, fault } = session;
  tally.begin();
  const began = performance.now();
  const run = rate === undefined ? saturate(session, seconds) : pace(session, seconds, rate);
  await Promise.race([run, fault]);
  await Promise.race([tally.complete(), delay(LOST_AFTER), fault]);
  if (tally.missing > 0) throw new Error(`The last ${tally.missing} events have not come to all`);
  const latencies = tally.latencies.toSorted((a, b) => a - b);
  return {
    deliveries: latencies.length,
    seconds: (performance.now() - began) / 1_000,
    p50: quantile(latencies, 0.5),
    p99: quantile(latencies, 0.99),
  };
}

let session: Session | undefined;

async function answer(ask: Ask): Promise<Heard | null> {
  if (ask.do === 'hear' && session) return hear(session, ask);
  for (const socket of session?.sockets ?? []) socket.terminate();
  session?.publisher.terminate();
  session = ask.do === 'connect' ? await connect(ask) : undefined;
  return null;
}

process.on('message', async (ask: Ask) => {
  process.send?.(await answer(ask).catch((error) => String(error)));
});
process.on('disconnect', () => process.exit());
