import type { Data } from '@fellowship/client';
import { expect } from 'vitest';
import type { Player } from '../../kit/client.ts';
import type { TestStack } from '../../kit/stack.ts';
import { type Log, type LogOptions, openLog } from './log.ts';

/** What the story of a subgraph's logs is told with. */
export interface Story {
  readonly graph: TestStack;
  players<const Names extends readonly string[]>(...names: Names): Promise<{ [Name in keyof Names]: Player }>;
  open(log: Omit<LogOptions, 'graph' | 'selection'>): Promise<Log>;
}

/** @param compared gets the types of the events that were compared */
export function storyOf(graph: TestStack, selection: string, compared: Set<string>): Story {
  return {
    graph,
    players: (...names) => Promise.all(names.map((name) => graph.player(name))) as never,
    open: (log) => openLog({ ...log, graph, selection }, compared),
  };
}

/** A mutation that must succeed: its payload. */
export async function act(player: Player, name: string, input: object, payload: string): Promise<Data> {
  const { errors, ...answer } = await player.mutate(name, input, payload);
  expect({ name, errors }).toEqual({ name, errors: [] });
  return answer;
}
