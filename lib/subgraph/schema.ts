import { buildSubgraphSchema } from '@apollo/subgraph';
import { loadTypeDefs, rememberColumns } from '@fellowship/graphql';
import { type DocumentNode, GraphQLScalarType, type GraphQLSchema, Kind } from 'graphql';
import { GraphQLDateTimeISO } from 'graphql-scalars';

type SchemaModule = Parameters<typeof buildSubgraphSchema>[0] extends infer Modules
  ? Modules extends readonly (infer Module)[]
    ? Module
    : never
  : never;

const nothing: DocumentNode = { kind: Kind.DOCUMENT, definitions: [] };

/** By the name it has in the schema: introspection would tell the one it has in the library. */
const DateTime = new GraphQLScalarType({ ...GraphQLDateTimeISO.toConfig(), name: 'DateTime' });

/**
 * The executable schema of a subgraph: its type definitions and the resolvers of its features. Throws when a
 * root field has no resolver.
 */
export function createSchema(name: string, features: readonly object[]): GraphQLSchema {
  const schema = buildSubgraphSchema([
    { typeDefs: loadTypeDefs(name) },
    ...[{ DateTime }, ...features].map((resolvers) => ({ typeDefs: nothing, resolvers }) as SchemaModule),
  ]);
  for (const root of [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()]) {
    for (const field of Object.values(root?.getFields() ?? {})) {
      if (!field.resolve && !field.subscribe) throw new Error(`${root}.${field.name} has no resolver`);
    }
  }
  rememberColumns(schema);
  return schema;
}
