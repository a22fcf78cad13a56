import type { Event } from './socket.ts';

/** Which events have come to all of so many sockets. */
export interface Tally {
  /** Milliseconds from when it happened to its delivery, of each delivery since the beginning. */
  readonly latencies: readonly number[];
  /** Events that are published and have not come to all sockets. */
  readonly missing: number;
  /** Called when one more event has come to all. */
  onDelivered: () => void;
  publish(count: number): void;
  take(event: Event): void;
  /** Resolves when nothing is missing. */
  complete(): Promise<void>;
  /** Anew, while nothing is missing. */
  begin(): void;
}

export function createTally(sockets: number, send: (count: number) => void): Tally {
  let latencies: number[] = [];
  let published = 0;
  /** The last event that all have, and of others how many have them: of the first ones never all. */
  let delivered = 0;
  const having = new Map<number, number>();

  const tally: Tally = {
    get latencies() {
      return latencies;
    },
    get missing() {
      return published - delivered;
    },
    onDelivered: () => {},
    publish(count) {
      published += count;
      send(count);
    },
    take({ sequence, happened }) {
      latencies.push(performance.timeOrigin + performance.now() - happened);
      const count = (having.get(sequence) ?? 0) + 1;
      having.set(sequence, count);
      if (count < sockets) return;
      having.delete(sequence);
      delivered = sequence;
      tally.onDelivered();
    },
    complete: () =>
      new Promise((resolve) => {
        tally.onDelivered = () => tally.missing === 0 && resolve();
        tally.onDelivered();
      }),
    begin() {
      latencies = [];
      having.clear();
    },
  };
  return tally;
}
