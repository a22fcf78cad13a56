import { buildSubgraphSchema } from '@apollo/subgraph';
import { GraphQLDateTime, loadTypeDefs, rememberColumns } from '@fellowship/graphql';
import { type DocumentNode, type GraphQLSchema, Kind } from 'graphql';

type SchemaModule = Parameters<typeof buildSubgraphSchema>[0] extends infer Modules
  ? Modules extends readonly (infer Module)[]
    ? Module
    : never
  : never;

const nothing: DocumentNode = { kind: Kind.DOCUMENT, definitions: [] };

/**
 * The executable schema of a subgraph: its type definitions and the resolvers of its features. Throws when a
 * root field has no resolver.
 */
export function createSchema(name: string, features: readonly object[]): GraphQLSchema {
  const schema = buildSubgraphSchema([
    { typeDefs: loadTypeDefs(name) },
    ...[{ DateTime: GraphQLDateTime }, ...features].map(
      (resolvers) => ({ typeDefs: nothing, resolvers }) as SchemaModule,
    ),
  ]);
  for (const root of [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()]) {
    for (const field of Object.values(root?.getFields() ?? {})) {
      if (!field.resolve && !field.subscribe) throw new Error(`${root}.${field.name} has no resolver`);
    }
  }
  rememberColumns(schema);
  return schema;
}
