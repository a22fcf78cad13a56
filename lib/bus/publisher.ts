import {
  jetstream,
  jetstreamManager,
  type PubAck,
  RetentionPolicy,
  type StreamInfo,
} from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import type { Nats } from './nats.ts';

/** A message for a stream. */
export interface Message {
  readonly subject: string;
  /** `Nats-Msg-Id`: the stream keeps the first of several with the same, within two minutes. */
  readonly id: string;
  readonly data: string;
}

export interface StreamOptions {
  readonly stream: string;
  /** Subjects it keeps, such as `fellowship.party.>`. */
  readonly subjects: readonly string[];
  /** Days that it keeps messages. */
  readonly days: number;
}

const day = 24 * 3_600 * 1_000_000_000;
const duplicateWindow = 120 * 1_000_000_000;
/** Milliseconds for an answer. */
const timeout = 5_000;

/** Makes the stream where it is missing; one that an operator made is taken as it is. */
export async function ensureStream(
  connection: NatsConnection,
  { stream, subjects, days }: StreamOptions,
): Promise<StreamInfo> {
  const { streams } = await jetstreamManager(connection, { timeout });
  return await streams.info(stream).catch(() =>
    streams.add({
      name: stream,
      subjects: [...subjects],
      retention: RetentionPolicy.Limits,
      max_age: days * day,
      duplicate_window: duplicateWindow,
    }),
  );
}

/** What a publisher finds. */
export interface Opened {
  /** Which store messages go to: another one when the stream was made anew and has lost what it held. */
  readonly store: string;
  /** The number of the last message; a server that was killed may have lost some that it had confirmed. */
  readonly stored: number;
  /** What that message holds. Undefined where there is none. */
  readonly last: Uint8Array | undefined;
}

/** Publishes to a stream in order, for the one publisher that the stream has at a time. */
export interface Publisher {
  open(): Promise<Opened>;
  /**
   * Resolves when all are stored, in their order. Rejects otherwise: `open` again, then publish from the first
   * one that may be missing; what is there already is not stored twice.
   */
  publish(messages: readonly Message[]): Promise<void>;
  /** The number of the last message that was stored. */
  readonly stored: number;
}

/**
 * Every message says which number in the stream comes before it, so one that was lost on the way takes all after
 * it along instead of letting them pass (nats.js sends what it holds when it is connected again), and so does a
 * second publisher. Right after `open`, when messages may be there already, each waits for the one before.
 */
export function createPublisher(nats: Nats, options: StreamOptions): Publisher {
  let last = 0;
  let careful = true;

  async function send({ subject, id, data }: Message, lastSequence: number): Promise<PubAck> {
    const { connection } = nats;
    if (!connection) throw new Error('NATS is away');
    const expect = { streamName: options.stream, lastSequence };
    return jetstream(connection, { timeout }).publish(subject, data, {
      msgID: id,
      timeout,
      retries: 0,
      expect,
    });
  }

  return {
    get stored() {
      return last;
    },
    async open() {
      careful = true;
      const { connection } = nats;
      if (!connection) throw new Error('NATS is away');
      const { created, state } = await ensureStream(connection, options);
      last = state.last_seq;
      const { streams } = await jetstreamManager(connection, { timeout });
      const message = state.messages > 0 ? await streams.getMessage(options.stream, { seq: last }) : null;
      return { store: String(created), stored: last, last: message?.data };
    },
    async publish(messages) {
      for (let rest = messages; rest.length > 0; ) {
        const together = careful ? rest.slice(0, 1) : rest;
        const base = last;
        const acks = await Promise.allSettled(together.map((message, index) => send(message, base + index)));
        const stop = acks.findIndex((ack) => ack.status === 'rejected' || ack.value.duplicate);
        const ack = acks[stop];
        if (ack?.status === 'rejected') throw ack.reason;
        // What follows one that was there already had expected one more, and was refused.
        careful = ack !== undefined;
        last += ack ? stop : acks.length;
        rest = rest.slice(ack ? stop + 1 : acks.length);
      }
    },
  };
}
