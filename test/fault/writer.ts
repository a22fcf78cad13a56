import { setTimeout as delay } from 'node:timers/promises';
import type { Data } from '@fellowship/client';
import { insist, send } from './mutate.ts';
import type { Outcome, Sent } from './proof.ts';
import type { Routine, Scene } from './scenes.ts';

/** Milliseconds between two mutations of one writer. */
const pause = 40;
/** One of so many is one that a rule refuses. */
const refusedOf = 5;

export interface Writer {
  /** Resolves when it is known how the mutation under way went. */
  stop(): Promise<void>;
}

export interface RoutineWriter extends Writer {
  readonly routine: Routine;
  /** All were ok; their markers are their numbers, from 1. */
  readonly sent: readonly Sent[];
}

/** Markers are given to one mutation each, whoever sends it: 1, 2, 3, ... */
export type NextMarker = () => string;

/**
 * Writes one mutation after the other. An insisting one sends each with its idempotency key until it knows how it
 * went; any other sends each once, without a key.
 */
export function startWriter(
  scene: Scene,
  insisting: boolean,
  anyUrl: () => string,
  nextMarker: NextMarker,
): Writer {
  return repeat(async (nth) => {
    const marker = nextMarker();
    const mutation = nth % refusedOf === refusedOf - 1 ? scene.refused(marker) : scene.write(marker);
    const { outcome } = insisting ? await insist(anyUrl, mutation, marker) : await send(anyUrl(), mutation);
    scene.sent.push({ marker, outcome });
  });
}

/** Goes on with a routine, each step with its idempotency key until it is done. */
export function startRoutine(routine: Routine, anyUrl: () => string): RoutineWriter {
  const sent: { marker: string; outcome: Outcome }[] = [];
  let last: Data;
  const { stop } = repeat(async (nth) => {
    const mutation = routine.next(nth, last);
    const { outcome, payload, code } = await insist(anyUrl, mutation, `${routine.log.name} ${nth}`);
    if (outcome !== 'ok') throw new Error(`${mutation.name} was denied: ${code}`);
    last = payload;
    sent.push({ marker: String(nth + 1), outcome });
  });
  return { routine, sent, stop };
}

function repeat(step: (nth: number) => Promise<void>): Writer {
  let stopped = false;
  const running = (async () => {
    for (let nth = 0; !stopped; nth += 1) {
      await step(nth);
      await delay(pause);
    }
  })();
  running.catch(() => {});
  return {
    async stop() {
      stopped = true;
      await running;
    },
  };
}
