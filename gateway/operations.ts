import { operationFromDocument } from '@apollo/federation-internals';
import type { QueryPlan } from '@apollo/query-planner';
import { createJsonCache } from '@fellowship/server';
import {
  type DocumentNode,
  GraphQLError,
  getOperationAST,
  NoSchemaIntrospectionCustomRule,
  type OperationDefinitionNode,
  type OperationTypeNode,
  parse,
  specifiedRules,
  validate,
} from 'graphql';
import { coded, Refused, refuse } from './errors.ts';
import { enforceLimits } from './limits/enforce.ts';
import { createIntrospectionLimit } from './limits/introspection.ts';
import type { Limits } from './limits/limits.ts';
import { priceOf } from './limits/prices.ts';
import { rootFields, rootSelections } from './limits/roots.ts';
import { checkLiterals } from './limits/storable.ts';
import type { Supergraph } from './supergraph.ts';

/** An operation within the limits of what one may ask for; it may still be invalid. */
export interface ReadOperation {
  readonly key: string;
  readonly document: DocumentNode;
  readonly definition: OperationDefinitionNode;
  readonly type: `${OperationTypeNode}`;
  /** Asks for nothing but the schema and `__typename`: anyone may. */
  readonly open: boolean;
  /** See `priceOf`. */
  readonly price: number;
}

/** An operation that passed every check that does not depend on its variables, and its plan. */
export interface Operation extends ReadOperation {
  readonly plan: QueryPlan;
}

export interface Operations {
  /**
   * Parses and measures, which is cheap, or finds what was planned before. Throws `Refused`.
   *
   * @param parsed the document, if the transport has parsed it already
   */
  read(source: string, operationName: string | undefined, parsed?: DocumentNode): ReadOperation;
  /** Validates and plans, unless it has been. Throws `Refused`. */
  plan(operation: ReadOperation): Operation;
}

/** Clients send the same few hundred documents; one with its plan is some 10 to 100 KiB of JSON. */
const CACHED_CHARACTERS = 64 * 1024 * 1024;
/** Errors that a client is told of one document; more would make for replies much longer than requests. */
const MOST_ERRORS = 20;

export function createOperations(supergraph: Supergraph, limits: Limits, introspection: boolean): Operations {
  // Planning is synchronous, so no two requests ever plan the same operation at the same time.
  const cache = createJsonCache<Operation>(CACHED_CHARACTERS);
  const rules = introspection ? specifiedRules : [...specifiedRules, NoSchemaIntrospectionCustomRule];

  const enforceIntrospection = createIntrospectionLimit(supergraph.apiSchema);

  function checkValid(document: DocumentNode): void {
    const errors = validate(supergraph.apiSchema, document, rules, {
      hideSuggestions: !introspection,
      maxErrors: MOST_ERRORS,
    });
    if (errors.length > 0) {
      throw new Refused(errors.map(({ message }) => coded('GRAPHQL_VALIDATION_FAILED', message)));
    }
  }

  function planOf({ document, definition }: ReadOperation): QueryPlan {
    const name = definition.name && { operationName: definition.name.value };
    return supergraph.planner.buildQueryPlan(
      operationFromDocument(supergraph.apiDefinitions, document, name),
    );
  }

  return {
    read(source, operationName, parsed) {
      const key = `${operationName ?? ''}\n${source}`;
      const cached = cache.get(key);
      if (cached) return cached;

      const document = parsed ?? parseSource(source, limits.tokens);
      enforceLimits(document, limits);
      checkLiterals(document);
      const definition = findOperation(document, operationName);
      const type = definition.operation;
      const fields = rootFields(document, definition).map(({ name }) => name.value);
      const open = fields.every((name) => name.startsWith('__'));
      return { key, document, definition, type, open, price: priceOf(type, fields) };
    },

    plan(read) {
      const planned = cache.get(read.key);
      if (planned) return planned;
      const { document, definition } = read;
      if (read.type === 'subscription') checkUnconditional(document, definition);
      checkValid(document);
      enforceIntrospection(document, definition);
      const operation = { ...read, plan: planOf(read) };
      cache.set(read.key, operation);
      return operation;
    },
  };
}

function parseSource(source: string, maxTokens: number): DocumentNode {
  try {
    // Without locations: they would keep every token, comments included.
    return parse(source, { maxTokens, noLocation: true });
  } catch (error) {
    // graphql-js parses what is nested by calling itself: 2,000 tokens of `[` end the stack of a cold process.
    if (error instanceof RangeError) refuse('GRAPHQL_PARSE_FAILED', 'The document is nested too deeply');
    throw error instanceof GraphQLError ? new Refused([coded('GRAPHQL_PARSE_FAILED', error.message)]) : error;
  }
}

function findOperation(document: DocumentNode, name: string | undefined): OperationDefinitionNode {
  const operation = getOperationAST(document, name);
  if (operation) return operation;
  const problem =
    name === undefined ? 'Name one of the operations to run' : `Unknown operation named "${name}"`;
  return refuse('OPERATION_RESOLUTION_FAILURE', problem);
}

/**
 * The specification's draft forbids `@skip` and `@include` on a subscription's root field ("Single Root
 * Field"). Of graphql-js 16 SingleFieldSubscriptionsRule throws on it, when the condition is a variable;
 * otherwise it passes, and the planner throws.
 */
function checkUnconditional(document: DocumentNode, definition: OperationDefinitionNode): void {
  const directives = rootSelections(document, definition).flatMap((selection) => selection.directives ?? []);
  if (directives.some(({ name }) => name.value === 'skip' || name.value === 'include')) {
    refuse('GRAPHQL_VALIDATION_FAILED', "A subscription's root field must not be conditional");
  }
}
