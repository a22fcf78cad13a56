import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { setImmediate as turn } from 'node:timers/promises';
import { WebSocketServer } from 'ws';

/** What there is to compare with: `ws` alone, sending one buffer to every socket. */
export interface Broadcast {
  readonly url: string;
  /** Sends each of the messages to everybody. */
  send(messages: readonly string[]): Promise<void>;
  stop(): Promise<void>;
}

export async function startBroadcast(): Promise<Broadcast> {
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0 });
  await once(server, 'listening');
  return {
    url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async send(messages) {
      for (const message of messages) {
        const bytes = Buffer.from(message);
        for (const socket of server.clients) socket.send(bytes, { binary: false });
        await turn();
      }
    },
    async stop() {
      for (const socket of server.clients) socket.terminate();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
