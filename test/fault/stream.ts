import { setTimeout as delay } from 'node:timers/promises';
import { parseCloudEvent } from '@fellowship/bus';
import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import type { FollowedLog } from './logs.ts';

/** The ids of a log's events in its stream, in order, once the stream has as many as `count` or time is up. */
export async function inStream(
  url: string,
  log: FollowedLog,
  count: number,
  seconds: number,
): Promise<string[]> {
  const connection = await connect({ servers: new URL(url).host });
  const stream = `fellowship-${log.schema === 'social_group' ? 'group' : log.schema}`;
  try {
    const { streams } = await jetstreamManager(connection);
    for (const until = Date.now() + seconds * 1_000; ; await delay(500)) {
      const { state } = await streams.info(stream);
      const ids = [];
      // All of it: Debian's nats-server knows no `filter_subjects` yet.
      const consumer = await jetstream(connection).consumers.get(stream);
      for await (const message of await consumer.fetch({ max_messages: state.messages })) {
        const { id, subject } = parseCloudEvent(message.data);
        if (subject === log.subject) ids.push(id);
      }
      // The first one is what subscribers begin after.
      if (new Set(ids).size > count || Date.now() > until) return ids.slice(1);
    }
  } finally {
    await connection.close();
  }
}
