import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

/** A TCP proxy in front of something, whose network can go bad. */
export interface NetworkProxy {
  readonly port: number;
  /** Connections stay open and pass nothing on, in either direction, as when a cable is pulled; new ones work. */
  freeze(): void;
  /** Breaks every connection. */
  cut(): void;
  close(): Promise<void>;
}

export async function startProxy(to: { host: string; port: number }): Promise<NetworkProxy> {
  const pairs = new Set<readonly [Socket, Socket]>();
  const server = createServer({ allowHalfOpen: false }, (client) => {
    const upstream = connect(to);
    const pair = [client, upstream] as const;
    pairs.add(pair);
    for (const [from, into] of [pair, [upstream, client] as const]) {
      from.on('data', (data) => into.write(data));
      from.on('error', () => {});
      from.on('close', () => {
        into.destroy();
        pairs.delete(pair);
      });
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The proxy has no port');
  const cut = () => {
    for (const [client] of pairs) client.destroy();
  };
  return {
    port: address.port,
    freeze() {
      for (const socket of [...pairs].flat()) {
        socket.removeAllListeners('data');
        socket.resume();
      }
    },
    cut,
    async close() {
      cut();
      server.close();
      await once(server, 'close');
    },
  };
}
