import { visitorUntil } from '@fellowship/identity';
import type { ExecutionResult } from 'graphql';
import type { Graph } from './graph.ts';

/**
 * Asks the graph on behalf of someone without a token, for a page that everyone may open. For queries of our own: a
 * client can't be a visitor. The errors are clean.
 */
export type AskAsVisitor = (
  query: string,
  variables: Readonly<Record<string, unknown>>,
  requestId: string,
) => Promise<ExecutionResult>;

/** Milliseconds. Longer than any query takes. */
const LIFETIME = 60_000;

export function askAsVisitor(graph: Graph, now: () => Date): AskAsVisitor {
  return async (source, variables, requestId) => {
    const viewer = visitorUntil(new Date(now().getTime() + LIFETIME));
    const signal = new AbortController().signal;
    return graph.execute(
      graph.admit({ source, operationName: undefined, variables, viewer, requestId, signal }),
    );
  };
}
