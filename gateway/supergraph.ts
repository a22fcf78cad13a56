import { Supergraph as FederationSupergraph, type Schema } from '@apollo/federation-internals';
import { QueryPlanner } from '@apollo/query-planner';
import type { ExecutorKind } from '@fellowship/server';
import type { GraphQLSchema } from 'graphql';

/** A composed graph, parsed once for the life of the process. */
export interface Supergraph {
  readonly sdl: string;
  /** The names of the subgraphs it was composed of. */
  readonly subgraphs: readonly string[];
  /** What clients see, for graphql-js (validation, introspection) and for Apollo's executor. */
  readonly apiSchema: GraphQLSchema;
  readonly apiDefinitions: Schema;
  /** With the join directives: the executor's type conditions need it. */
  readonly fullSchema: GraphQLSchema;
  readonly planner: QueryPlanner;
  readonly executor: ExecutorKind;
}

export function parseSupergraph(sdl: string, executor: ExecutorKind = 'compiled'): Supergraph {
  const supergraph = FederationSupergraph.build(sdl);
  const apiDefinitions = supergraph.apiSchema();
  return {
    sdl,
    subgraphs: supergraph.subgraphsMetadata().map(({ name }) => name),
    apiSchema: apiDefinitions.toGraphQLJSSchema(),
    apiDefinitions,
    fullSchema: supergraph.schema.toGraphQLJSSchema(),
    planner: new QueryPlanner(supergraph),
    executor,
  };
}
