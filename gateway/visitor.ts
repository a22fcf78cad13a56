import { visitorUntil } from '@fellowship/identity';
import type { ExecutionResult } from 'graphql';
import type { Graph } from './graph.ts';

/**
 * Asks the graph on behalf of someone without a token, for a page that everyone may open. For queries of our own: a
 * client can't be a visitor. The errors are clean. Rejects with `RateLimited` when the address asks too often.
 */
export type AskAsVisitor = (
  query: string,
  variables: Readonly<Record<string, unknown>>,
  sender: { readonly requestId: string; readonly address: string },
) => Promise<ExecutionResult>;

/** Milliseconds. Longer than any query takes. */
const LIFETIME = 60_000;

export function askAsVisitor(graph: Graph, now: () => Date): AskAsVisitor {
  return async (source, variables, sender) => {
    const viewer = visitorUntil(new Date(now().getTime() + LIFETIME));
    const signal = new AbortController().signal;
    const request = { source, operationName: undefined, variables, viewer, signal, ...sender };
    return graph.execute(await graph.admit(request));
  };
}
