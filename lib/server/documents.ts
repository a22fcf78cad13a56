import {
  type DocumentNode,
  type GraphQLSchema,
  NoSchemaIntrospectionCustomRule,
  parse,
  specifiedRules,
  validate,
} from 'graphql';
import { createJsonCache } from './json-cache.ts';

/** A gateway sends the same fetches again and again: a few for each operation of its clients. */
const CACHED_CHARACTERS = 32 * 1024 * 1024;

/** The document of a source, parsed and found valid once; undefined for one that is not valid. */
export function createDocuments(
  schema: GraphQLSchema,
  introspection: boolean,
): (source: string) => DocumentNode | undefined {
  const rules = introspection ? specifiedRules : [...specifiedRules, NoSchemaIntrospectionCustomRule];
  const cache = createJsonCache<DocumentNode>(CACHED_CHARACTERS);
  return (source) => {
    const known = cache.get(source);
    if (known) return known;
    const document = parseOrNothing(source);
    if (!document || validate(schema, document, rules, { maxErrors: 1 }).length > 0) return undefined;
    cache.set(source, document);
    return document;
  };
}

function parseOrNothing(source: string): DocumentNode | undefined {
  try {
    return parse(source, { noLocation: true });
  } catch {
    return undefined;
  }
}
