import { setTimeout as delay } from 'node:timers/promises';
import { parseCloudEvent } from '@fellowship/bus';
import type { NatsServer } from '@fellowship/nats-server';
import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { type NetworkProxy, startProxy } from '../kit/proxy.ts';
import type { FollowedLog } from './scenes.ts';

/** A NATS server with a network in front of it, through which services reach it. */
export interface FaultyNats {
  readonly server: NatsServer;
  readonly network: NetworkProxy;
  readonly serviceUrl: string;
  /** Past the network: other services' connection. */
  readonly connection: NatsConnection;
  stop(): Promise<void>;
}

export async function putNetworkBefore(server: NatsServer): Promise<FaultyNats> {
  const { hostname, port, host } = new URL(server.url);
  const network = await startProxy({ host: hostname, port: Number(port) });
  const connection = await connect({ servers: host, maxReconnectAttempts: -1, reconnectTimeWait: 100 });
  return {
    server,
    network,
    serviceUrl: `nats://127.0.0.1:${network.port}`,
    connection,
    async stop() {
      await connection.close();
      await network.close();
      await server.stop();
    },
  };
}

/** The ids of a service's events by their subject, in the order of its stream. */
export async function streamOf(connection: NatsConnection, service: string): Promise<Map<string, string[]>> {
  const stream = `fellowship-${service}`;
  const found = new Map<string, string[]>();
  const { streams } = await jetstreamManager(connection);
  const { state } = await streams.info(stream).catch(() => ({ state: { messages: 0 } }));
  if (state.messages === 0) return found;
  // All of it: Debian's nats-server knows no `filter_subjects` yet.
  const consumer = await jetstream(connection).consumers.get(stream);
  for await (const message of await consumer.fetch({ max_messages: state.messages, expires: 30_000 })) {
    const { id, subject = '' } = parseCloudEvent(message.data);
    const ids = found.get(subject) ?? [];
    ids.push(id);
    found.set(subject, ids);
  }
  return found;
}

/** The same for a log, once it holds as many as `count` or time is up. */
export async function idsOnBus(
  connection: NatsConnection,
  { service, subject }: FollowedLog,
  count: number,
  until: number,
): Promise<string[]> {
  for (; ; await delay(500)) {
    const ids = (await streamOf(connection, service)).get(subject) ?? [];
    if (new Set(ids).size >= count || Date.now() > until) return ids;
  }
}
