import { setTimeout as delay } from 'node:timers/promises';
import { AckPolicy, type Consumer, type JsMsg, jetstream, jetstreamManager } from '@nats-io/jetstream';
import { headers, type NatsConnection } from '@nats-io/transport-node';
import type { Logger } from 'pino';
import { type CloudEvent, parseCloudEvent } from './cloud-event.ts';
import type { Nats } from './nats.ts';
import { ensureStream, type StreamOptions } from './publisher.ts';

/** Where others put events for us: `combat:loot-dropped` goes to `fellowship.inbound.combat:loot-dropped`. */
const inbound: StreamOptions = { stream: 'fellowship-inbound', subjects: ['fellowship.inbound.>'], days: 7 };
/** Where events go that can't be handled, for someone to look at: `fellowship.parked.party.combat:loot-dropped`. */
const parked: StreamOptions = { stream: 'fellowship-parked', subjects: ['fellowship.parked.>'], days: 90 };

const batch = 20;
/** Milliseconds: how long one request for messages stays open, and before a lost consumer is made anew. */
const expires = 10_000;
const retry = 1_000;
/** Nanoseconds that a message may be worked on before another process gets it, as when this one was killed. */
const ackWait = 15_000_000_000;

/**
 * Acts on an event. It is called at least once an event: again after a failure, after a crash in the middle, when
 * the sender repeats itself. So it must do nothing the second time; the event's `id` tells. A rule's no is an
 * answer, not a failure: return, and the event is done with.
 */
export type Handler = (event: CloudEvent) => Promise<void>;

export interface ConsumerOptions {
  readonly nats: Nats;
  /** The consumer, which its processes share: each event goes to one of them. */
  readonly name: string;
  /** By the type of events. */
  readonly handlers: Readonly<Record<string, Handler>>;
  readonly log: Logger;
  /** Milliseconds before each repetition of an event whose handler failed. After the last it is parked. */
  readonly backoff?: readonly number[];
}

const usualBackoff = [1_000, 5_000, 30_000, 120_000];

/**
 * Hands events of the types it has handlers for to them; within a process, one type's one after the other. What was
 * sent while no process was there waits for up to a week.
 */
export function consume({ nats, name, handlers, log, backoff = usualBackoff }: ConsumerOptions) {
  const closing = new AbortController();
  const { signal } = closing;
  const fetching = new Set<{ stop(): void }>();

  async function follow(type: string, handler: Handler): Promise<void> {
    for (let told = false; !signal.aborted; ) {
      const { connection } = nats;
      try {
        if (!connection) throw new Error('NATS is away');
        const consumer = await consumerOf(connection, name, type);
        told = false;
        while (!signal.aborted) await take(consumer, type, handler);
      } catch (error) {
        if (!told && connection && !signal.aborted)
          log.warn({ err: error, type }, 'Not consuming; trying again');
        told = true;
        await delay(retry, undefined, { signal, ref: false }).catch(() => {});
      }
    }
  }

  async function take(consumer: Consumer, type: string, handler: Handler): Promise<void> {
    const messages = await consumer.fetch({ max_messages: batch, expires });
    fetching.add(messages);
    try {
      for await (const message of messages) {
        // Left to the next process, or to our next start.
        if (signal.aborted) message.nak();
        else await handle(message, type, handler);
      }
    } finally {
      fetching.delete(messages);
    }
  }

  async function handle(message: JsMsg, type: string, handler: Handler): Promise<void> {
    let event: CloudEvent;
    try {
      event = parseCloudEvent(message.data);
      if (event.type !== type) throw new Error(`Its type is ${event.type}`);
    } catch (error) {
      return park(message, type, error);
    }
    try {
      await handler(event);
      message.ack();
    } catch (error) {
      const { deliveryCount } = message.info;
      const pause = backoff[deliveryCount - 1];
      log.warn({ err: error, type, id: event.id, deliveryCount }, 'An event was not handled');
      if (pause === undefined) await park(message, type, error);
      else message.nak(pause);
    }
  }

  /** The count of deliveries is ours, not the server's `max_deliver`: a crash at the last would lose the event. */
  async function park(message: JsMsg, type: string, reason: unknown): Promise<void> {
    const { connection } = nats;
    if (!connection) return;
    await ensureStream(connection, parked);
    const about = headers();
    about.set(
      'Fellowship-Reason',
      String(reason instanceof Error ? reason.message : reason).replace(/\s+/g, ' '),
    );
    const { stream, streamSequence } = message.info;
    const msgID = `${name} ${stream} ${streamSequence}`;
    const subject = `fellowship.parked.${name}.${type}`;
    await jetstream(connection).publish(subject, message.data, { headers: about, msgID });
    message.term();
    log.error({ type, streamSequence, err: reason }, `An event can’t be handled; it is parked at ${subject}`);
  }

  const following = Object.entries(handlers).map(([type, handler]) => follow(type, handler));
  return {
    /** Resolves when the events under way are done with. */
    async close(): Promise<void> {
      closing.abort();
      for (const messages of fetching) messages.stop();
      // Until the server knows, it would hand us messages that nobody takes.
      await nats.flush().catch(() => {});
      await Promise.all(following);
    },
  };
}

/** One durable consumer a type: Debian's nats-server knows no consumer of several subjects yet. */
async function consumerOf(connection: NatsConnection, name: string, type: string): Promise<Consumer> {
  await ensureStream(connection, inbound);
  const { consumers } = await jetstreamManager(connection);
  const durable = `${name}-${type.replace(/[^a-z0-9]+/gi, '-')}`;
  await consumers.add(inbound.stream, {
    durable_name: durable,
    ack_policy: AckPolicy.Explicit,
    ack_wait: ackWait,
    filter_subject: `fellowship.inbound.${type}`,
  });
  return jetstream(connection).consumers.get(inbound.stream, durable);
}
