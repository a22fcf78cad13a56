import { composeServices } from '@apollo/composition';
import { type GraphQLSchema, printSchema } from 'graphql';
import type { SubgraphTypeDefs } from './subgraphs.ts';

export interface Supergraph {
  /** What the gateway reads: every type with the subgraphs that serve it. */
  readonly sdl: string;
  /** What clients see. */
  readonly api: GraphQLSchema;
  /** Likely mistakes that composition let pass, such as two subgraphs describing one type differently. */
  readonly warnings: readonly string[];
}

/** Composes the supergraph. Deterministic: types by name, fields as written. Throws all that composition finds wrong. */
export function composeSupergraph(subgraphs: readonly SubgraphTypeDefs[]): Supergraph {
  // The URLs are placeholders; the gateway has its data sources from its configuration.
  const services = subgraphs.map(({ name, typeDefs }) => ({ name, typeDefs, url: `http://${name}/graphql` }));
  const { errors, hints, schema, supergraphSdl } = composeServices(services);
  if (errors) throw new AggregateError(errors, errors.map((error) => error.message).join('\n'));
  return {
    sdl: supergraphSdl,
    api: schema.toAPISchema().toGraphQLJSSchema(),
    // Below WARN is how federation works (a field is in one subgraph only), not a mistake. None is let through:
    // there was never one that was right.
    warnings: hints.filter((hint) => hint.definition.level.name === 'WARN').map(String),
  };
}

/** The API schema as `schema/api.graphql` holds it. */
export function printApi(api: GraphQLSchema): string {
  return `${printSchema(api)}\n`;
}
