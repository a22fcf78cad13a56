import {
  type DocumentNode,
  GraphQLError,
  type GraphQLSchema,
  parse,
  type ValidationRule,
  validate,
} from 'graphql';
import { createJsonCache } from './json-cache.ts';

/** A gateway sends the same fetches again and again: a few for each operation of its clients. */
const CACHED_CHARACTERS = 32 * 1024 * 1024;

/** The document of a source, parsed and found valid once; or what is wrong with it. */
export function createDocuments(
  schema: GraphQLSchema,
  rules: readonly ValidationRule[],
): (source: string) => DocumentNode | readonly GraphQLError[] {
  const cache = createJsonCache<DocumentNode>(CACHED_CHARACTERS);
  return (source) => {
    const known = cache.get(source);
    if (known) return known;
    const document = parsed(source);
    if (document instanceof GraphQLError) return [document];
    const errors = validate(schema, document, rules);
    if (errors.length > 0) return errors;
    cache.set(source, document);
    return document;
  };
}

function parsed(source: string): DocumentNode | GraphQLError {
  try {
    return parse(source, { noLocation: true });
  } catch (error) {
    return error as GraphQLError;
  }
}
