import type { Viewer } from '@fellowship/identity';
import type { SubscribeMode } from '@fellowship/server';
import type { ExecutionResult } from 'graphql';

/** On whose behalf a subgraph is asked. */
export interface SourceContext {
  readonly viewer: Viewer;
  readonly requestId: string;
  /** Aborts when nobody waits for the answer any more. */
  readonly signal: AbortSignal;
  /** For an event of a subscription: it waits for its turn as long as it has time, and is never one too many. */
  readonly forEvent?: boolean;
}

/** One fetch of a plan. */
export interface SourceRequest {
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly operationName: string | undefined;
}

/** The fetch of a subscription. */
export interface SubscribeRequest extends SourceRequest {
  readonly mode: SubscribeMode;
}

/** Where the gateway reaches a subgraph: in this process or over the network. */
export interface Source {
  /** Runs a query or mutation. Rejects with a coded error when the subgraph does not answer properly. */
  fetch(request: SourceRequest, context: SourceContext): Promise<ExecutionResult>;
  /**
   * Opens a stream of events. It ends when the subgraph completes it, throws a coded error when it breaks,
   * and when `context.signal` aborts, it is released at once, whatever it waits for. Where the subgraph does not say in
   * time that it is open, throws SUBGRAPH_UNAVAILABLE.
   */
  subscribe(request: SubscribeRequest, context: SourceContext): AsyncIterator<ExecutionResult>;
  /** Rejects while this process can't serve on account of the subgraph. */
  ready(): Promise<void>;
  /** Closes the connections to the subgraph. The subgraph itself belongs to who made it. */
  close(): Promise<void>;
}
