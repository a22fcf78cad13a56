import { setTimeout as delay } from 'node:timers/promises';
import { connect, type NatsConnection, type Subscription } from '@nats-io/transport-node';
import type { Logger } from 'pino';

export interface NatsOptions {
  /** `nats://host:4222`, several with commas between; user and password as in any URL. */
  readonly url: string;
  /** Shown by the server's monitoring. */
  readonly name: string;
  readonly log: Logger;
}

/** A connection to NATS that comes and goes: a process starts, serves and stops without it. */
export interface Nats {
  /** The connection while there is one. */
  readonly connection: NatsConnection | undefined;
  /** Calls back whenever there is one again and when it is lost. Returns how to stop. */
  onChange(listener: () => void): () => void;
  /**
   * Calls back with every message to subjects of this pattern, from now on and after every loss anew; what is
   * sent in between is not heard. Returns how to stop.
   */
  subscribe(pattern: string, onMessage: (data: Uint8Array) => void): () => void;
  /** Resolves when the server has taken all that was sent, subscriptions too. Rejects when it is away. */
  flush(): Promise<void>;
  close(): Promise<void>;
}

/** Milliseconds between attempts to connect, between pings, and for an answer. */
const retry = 500;
const ping = 5_000;
const patience = 5_000;

/** Connects in the background, for as long as it takes. */
export function connectNats({ url, name, log }: NatsOptions): Nats {
  const closing = new AbortController();
  const listeners = new Set<() => void>();
  const wanted = new Map<symbol, { pattern: string; onMessage: (data: Uint8Array) => void }>();
  const subscriptions = new Map<symbol, Subscription>();
  let client: NatsConnection | undefined;
  let up = false;

  function change(now: boolean): void {
    if (up === now) return;
    up = now;
    if (!closing.signal.aborted) log.info(now ? 'NATS is there' : 'NATS is away');
    for (const listener of listeners) listener();
  }

  function subscribeNow(key: symbol): void {
    const request = wanted.get(key);
    if (!client || !request) return;
    const callback = (error: Error | null, message: { data: Uint8Array }) => {
      if (!error) request.onMessage(message.data);
    };
    subscriptions.set(key, client.subscribe(request.pattern, { callback }));
  }

  async function first(): Promise<NatsConnection | undefined> {
    const options = { ...serversOf(url), name, timeout: patience, pingInterval: ping, maxPingOut: 2 };
    for (let told = false; !closing.signal.aborted; told = true) {
      try {
        return await connect({ ...options, maxReconnectAttempts: -1, reconnectTimeWait: retry });
      } catch (error) {
        if (!told) log.warn({ err: error }, 'NATS is away; trying again');
        await delay(retry, undefined, { signal: closing.signal, ref: false }).catch(() => {});
      }
    }
    return undefined;
  }

  /** nats.js connects again by itself and subscribes anew; when it gives up (it was told off), we begin again. */
  async function run(): Promise<void> {
    while (!closing.signal.aborted) {
      client = await first();
      if (!client) return;
      if (closing.signal.aborted) return void (await client.close());
      for (const key of wanted.keys()) subscribeNow(key);
      change(true);
      for await (const { type } of client.status()) {
        if (type === 'disconnect' || type === 'staleConnection') change(false);
        if (type === 'reconnect') change(true);
      }
      change(false);
      subscriptions.clear();
      client = undefined;
    }
  }
  const running = run().catch((error: unknown) => log.error({ err: error }, 'The connection to NATS failed'));

  return {
    get connection() {
      return up ? client : undefined;
    },
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    subscribe(pattern, onMessage) {
      const key = Symbol(pattern);
      wanted.set(key, { pattern, onMessage });
      subscribeNow(key);
      return () => {
        wanted.delete(key);
        subscriptions.get(key)?.unsubscribe();
        subscriptions.delete(key);
      };
    },
    async flush() {
      if (!up || !client) throw new Error('NATS is away');
      await client.flush();
    },
    async close() {
      closing.abort();
      await client?.close();
      await running;
    },
  };
}

function serversOf(url: string) {
  const urls = url.split(',').map((each) => new URL(each.trim()));
  const { username, password } = urls[0] ?? {};
  return {
    servers: urls.map(({ host }) => host),
    ...(username && { user: decodeURIComponent(username), pass: decodeURIComponent(password ?? '') }),
  };
}
