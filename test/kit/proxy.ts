import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

/** Which connections: by the first bytes that the client sent, such as PostgreSQL's `application_name`. */
type Which = (opening: string) => boolean;
const all: Which = () => true;

/** A TCP proxy in front of something, whose network can go bad. */
export interface NetworkProxy {
  readonly port: number;
  /** Connections stay open and pass nothing on, in either direction, as when a cable is pulled; new ones work. */
  freeze(which?: Which): void;
  /**
   * Holds what goes one way on connections that are open: `up`, from clients; `down`, to them. The other way goes on.
   * Returns how to let it go; what a connection held when it breaks is lost.
   */
  hold(way: 'up' | 'down', which?: Which): () => void;
  /** Holds what goes to a client from when it sends something with this in it. Returns how to let all of it go. */
  holdAnswers(text: string): () => void;
  /** Breaks every connection. */
  cut(): void;
  close(): Promise<void>;
}

interface Pair {
  readonly client: Socket;
  readonly upstream: Socket;
  opening: string;
}

export async function startProxy(to: { host: string; port: number }): Promise<NetworkProxy> {
  const pairs = new Set<Pair>();
  const holding = new Set<{ readonly text: string; readonly held: Set<Socket> }>();
  const server = createServer({ allowHalfOpen: false }, (client) => {
    const upstream = connect(to);
    const pair: Pair = { client, upstream, opening: '' };
    pairs.add(pair);
    client.once('data', (data) => {
      pair.opening = data.toString('latin1');
    });
    for (const [from, into] of [[client, upstream] as const, [upstream, client] as const]) {
      from.on('data', (data) => {
        if (from === client) for (const { text, held } of holding) if (data.includes(text)) held.add(client);
        if ([...holding].some(({ held }) => held.has(into))) into.cork();
        into.write(data);
      });
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
  const chosen = (which: Which) => [...pairs].filter(({ opening }) => which(opening));
  const cut = () => {
    for (const { client } of pairs) client.destroy();
  };
  return {
    port: address.port,
    freeze(which = all) {
      for (const { client, upstream } of chosen(which)) {
        for (const socket of [client, upstream]) {
          socket.removeAllListeners('data');
          socket.resume();
        }
      }
    },
    hold(way, which = all) {
      const into = chosen(which).map(({ client, upstream }) => (way === 'up' ? upstream : client));
      for (const socket of into) socket.cork();
      return () => {
        for (const socket of into) socket.uncork();
      };
    },
    holdAnswers(text) {
      const hold = { text, held: new Set<Socket>() };
      holding.add(hold);
      return () => {
        holding.delete(hold);
        for (const socket of hold.held) while (socket.writableCorked > 0) socket.uncork();
      };
    },
    cut,
    async close() {
      cut();
      server.close();
      await once(server, 'close');
    },
  };
}
