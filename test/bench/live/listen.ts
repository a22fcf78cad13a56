import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

/** Whom to listen to, and how. */
export interface Connect {
  readonly do: 'connect';
  /** The gateway's WebSocket. */
  readonly url: string;
  /** What each socket brings as `connectionParams`, one socket for each. */
  readonly params: readonly object[];
  readonly query: string;
  /** Where events are published. */
  readonly publisher: string;
}

/** Has events happen for so long, and waits until every socket has them all. */
export interface Hear {
  readonly do: 'hear';
  readonly seconds: number;
  /** Events a second, whether or not the gateway keeps up. Without: the next ones when the last ones are delivered. */
  readonly rate?: number;
}

export type Ask = Connect | Hear | { readonly do: 'disconnect' };

/** What all sockets together were sent. */
export interface Heard {
  readonly deliveries: number;
  readonly seconds: number;
  /** Milliseconds from when an event happened to its delivery. */
  readonly p50: number;
  readonly p99: number;
}

/** A process of its own that listens and has events happen, so that a gateway's figures are the gateway's. */
export interface Listeners {
  /** Resolves when every socket gets what happens. Rejects when the gateway refuses any. */
  connect(ask: Omit<Connect, 'do'>): Promise<void>;
  /** Rejects when a socket gets anything but every event once and in order, without an error. */
  hear(ask: Omit<Hear, 'do'>): Promise<Heard>;
  disconnect(): Promise<void>;
  stop(): Promise<void>;
}

export function startListeners(): Listeners {
  const child: ChildProcess = fork(join(import.meta.dirname, 'listen-client.ts'), { execArgv: [] });
  // Whoever waits for its answer would wait for ever.
  const ended = once(child, 'exit').then(() => ['The process has ended']);

  async function ask(what: Ask): Promise<unknown> {
    child.send(what);
    const [answer] = await Promise.race([once(child, 'message'), ended]);
    if (typeof answer === 'string') throw new Error(answer);
    return answer;
  }

  return {
    connect: async (what) => void (await ask({ do: 'connect', ...what })),
    hear: async (what) => (await ask({ do: 'hear', ...what })) as Heard,
    disconnect: async () => void (await ask({ do: 'disconnect' })),
    async stop() {
      child.disconnect();
      await once(child, 'exit');
    },
  };
}
