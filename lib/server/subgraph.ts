import type { Viewer } from '@fellowship/identity';
import type { GraphQLSchema } from 'graphql';

/** The three subgraphs of the graph. */
export type SubgraphName = 'party' | 'guild' | 'group';

/** What the gateway (in one process) or an HTTP server (in its own) needs of a subgraph. */
export interface Subgraph {
  readonly name: SubgraphName;
  readonly schema: GraphQLSchema;
  /** A fresh context, with fresh loaders, for one request or one subscription event. */
  context(viewer: Viewer, requestId: string): object;
  /** Rejects when the subgraph can't serve (its database does not answer). For readiness. */
  ready(): Promise<void>;
  /** Ends open subscriptions and background work, then closes the database connections. */
  close(): Promise<void>;
}
