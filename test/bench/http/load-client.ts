import { setTimeout as delay } from 'node:timers/promises';
import { Client, type Dispatcher } from 'undici';
import { quantile } from '../report/statistics.ts';
import type { Load, Outcome, Sent } from './load.ts';

/** The process behind `startLoader`. */

/** How GraphQL reports an error at the top, and our mutations in their payload. */
const FAULT = '"errors":[{';

interface Connection {
  send(request: Sent, done: (fault?: string) => void): void;
  close(): Promise<void>;
}

/** undici's lowest level: measured, `request()` with a body read as text costs this process twice as much. */
function connect(origin: string): Connection {
  const client = new Client(origin, { pipelining: 1 });
  return {
    send({ method = 'POST', path, headers, body }, done) {
      let status = 0;
      const chunks: Buffer[] = [];
      const handler: Dispatcher.DispatchHandler = {
        onRequestStart() {},
        onResponseStart(_controller, statusCode) {
          status = statusCode;
        },
        onResponseData(_controller, chunk) {
          chunks.push(chunk);
        },
        onResponseEnd() {
          const bytes = chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks);
          done(status === 200 && !bytes.includes(FAULT) ? undefined : `HTTP ${status} ${bytes}`);
        },
        onResponseError(_controller, error) {
          done(String(error));
        },
      };
      client.dispatch({ method, path, headers, body: body ?? null }, handler);
    },
    close: () => client.destroy(),
  };
}

/** Every connection sends its share in order. */
async function runOnce({ origin, requests, connections }: Load): Promise<Outcome> {
  const share = Math.ceil(requests.length / connections);
  const latencies: number[] = [];
  const began = performance.now();
  await Promise.all(
    Array.from({ length: connections }, async (_, nth) => {
      const connection = connect(origin);
      for (const request of requests.slice(nth * share, (nth + 1) * share)) {
        const sent = performance.now();
        const fault = await new Promise<string | undefined>((done) => connection.send(request, done));
        if (fault) throw new Error(fault);
        latencies.push(performance.now() - sent);
      }
      await connection.close();
    }),
  );
  return outcomeOf(latencies, began);
}

function outcomeOf(latencies: number[], began: number): Outcome {
  const seconds = (performance.now() - began) / 1_000;
  latencies.sort((a, b) => a - b);
  return {
    requests: latencies.length,
    seconds,
    p50: quantile(latencies, 0.5),
    p99: quantile(latencies, 0.99),
  };
}

async function run({ origin, requests, connections, seconds, rate }: Load): Promise<Outcome> {
  const pool = Array.from({ length: connections }, () => connect(origin));
  const latencies: number[] = [];
  const idle: Connection[] = [...pool];
  const waiting: number[] = [];
  const began = performance.now();
  const end = began + seconds * 1_000;
  const finished = Promise.withResolvers<void>();
  let busy = 0;
  let nth = 0;

  function send(connection: Connection, due: number): void {
    const request = requests[nth++ % requests.length];
    if (!request) throw new Error('There is nothing to send');
    busy += 1;
    connection.send(request, (fault) => {
      busy -= 1;
      if (fault) finished.reject(new Error(fault));
      latencies.push(performance.now() - due);
      next(connection);
    });
  }

  function next(connection: Connection): void {
    const now = performance.now();
    const due = rate === undefined && now < end ? now : waiting.shift();
    if (due !== undefined) send(connection, due);
    else idle.push(connection);
    if (busy === 0 && now >= end) finished.resolve();
  }

  if (rate === undefined) {
    for (const connection of idle.splice(0)) send(connection, performance.now());
  } else {
    pace(rate).catch(finished.reject);
  }

  /** A request is due when this wakes: what the timer is late by is not the server's. */
  async function pace(rate: number): Promise<void> {
    for (let due = 0, now = began; now < end; now = performance.now()) {
      for (; due < ((now - began) / 1_000) * rate; due += 1) {
        const connection = idle.pop();
        if (connection) send(connection, now);
        else waiting.push(now);
      }
      await delay(1);
    }
    if (busy === 0) finished.resolve();
  }

  await finished.promise;
  const outcome = outcomeOf(latencies, began);
  await Promise.all(pool.map((connection) => connection.close()));
  return outcome;
}

process.on('message', async (load: Load) => {
  const answer = await (load.once ? runOnce(load) : run(load)).catch((error) => String(error));
  process.send?.(answer);
});
process.on('disconnect', () => process.exit());
