import { randomUUID } from 'node:crypto';
import type { Subgraph } from '@fellowship/server';
import { openSubgraph } from '../system/database.ts';
import type { Turn } from './acts.ts';
import type { Statement } from './bare.ts';
import { executeAs } from './execute.ts';

/** What a turn sends to the database, and the ids in it that were made for it. */
export interface Recording {
  /** Groups of statements that were sent without waiting for one another, in the order of sending. */
  readonly groups: readonly (readonly Statement[])[];
  readonly turn: Turn;
  readonly newIds: readonly string[];
}

export interface Recorder {
  readonly subgraph: Subgraph;
  /** Runs the turn and tells what it sent. */
  record(turn: Turn): Promise<Recording>;
}

/** The party subgraph on a database, with all its statements heard. */
export async function startRecorder(url: string): Promise<Recorder> {
  let groups: Statement[][] = [];
  let open: Statement[] | undefined;
  let newIds: string[] = [];
  const subgraph = await openSubgraph('party', url, {
    newId: () => {
      const id = randomUUID();
      newIds.push(id);
      return id;
    },
    onStatement(text, values) {
      if (!open) {
        open = [];
        groups.push(open);
        // An answer of the database comes in a later turn of the event loop.
        setImmediate(() => {
          open = undefined;
        });
      }
      open.push({ text, values: values.map(storable) });
    },
  });
  return {
    subgraph,
    async record(turn) {
      [groups, newIds] = [[], []];
      await executeAs(subgraph, { playerId: turn.ids.player }, turn.query, { input: turn.input });
      const recording = { groups, turn, newIds };
      // What is done from here on is not of this turn.
      [groups, newIds, open] = [[], [], undefined];
      return recording;
    },
  };
}

/** As the driver would write it: what is told may be on its way to be written. */
const storable = (value: unknown) => (value instanceof Date ? value.toISOString() : value);

/** The same statements for another turn: its ids in place of the recorded ones, and new ones for those made. */
export function replay({ groups, turn, newIds }: Recording, other: Turn): Statement[][] {
  const renamed = new Map([
    ...newIds.map((id): [string, string] => [id, randomUUID()]),
    ...Object.entries(turn.ids).map(([kind, id]): [string, string] => [id, other.ids[kind] ?? id]),
  ]);
  const rename = (value: unknown): unknown => {
    if (typeof value === 'string') {
      let text = value;
      for (const [from, to] of renamed) text = text.replaceAll(from, to);
      return text;
    }
    return Array.isArray(value) ? value.map(rename) : value;
  };
  return groups.map((group) => group.map(({ text, values }) => ({ text, values: values.map(rename) })));
}
