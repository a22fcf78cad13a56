import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

/** A request as it is sent. */
export interface Sent {
  /** POST unless told. */
  readonly method?: 'GET' | 'POST';
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** What to do to one server. */
export interface Load {
  readonly origin: string;
  /** Sent in turns, from the first again after the last. */
  readonly requests: readonly Sent[];
  readonly connections: number;
  readonly seconds: number;
  /**
   * Each connection sends its own share of the requests, the first ones by the first connection, in order and once,
   * however long that takes.
   */
  readonly once?: boolean;
  /**
   * Requests a second, whether or not the server keeps up. Without: each connection sends the next one when it has
   * its answer.
   */
  readonly rate?: number;
}

export interface Outcome {
  readonly requests: number;
  readonly seconds: number;
  /** Milliseconds from when a request was due to its whole answer. */
  readonly p50: number;
  readonly p99: number;
}

/** A process of its own that sends requests, so that a server's figures are the server's. */
export interface Loader {
  /** Rejects when any answer was not 200 or holds an error. */
  run(load: Load): Promise<Outcome>;
  stop(): Promise<void>;
}

export function startLoader(): Loader {
  const child: ChildProcess = fork(join(import.meta.dirname, 'load-client.ts'), { execArgv: [] });
  // Whoever waits for its answer would wait for ever.
  const ended = once(child, 'exit').then(() => ['The process has ended']);
  return {
    async run(load) {
      child.send(load);
      const [answer] = await Promise.race([once(child, 'message'), ended]);
      if (typeof answer === 'string') throw new Error(`${load.origin}: ${answer}`);
      return answer as Outcome;
    },
    async stop() {
      child.disconnect();
      await once(child, 'exit');
    },
  };
}
