import { operationFromDocument } from '@apollo/federation-internals';
import type { QueryPlan } from '@apollo/query-planner';
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
import { LRUCache } from 'lru-cache';
import { coded, Refused, refuse } from './errors.ts';
import { enforceLimits } from './limits/enforce.ts';
import type { Limits } from './limits/limits.ts';
import { rootFields, rootSelections } from './limits/roots.ts';
import { checkLiterals } from './limits/storable.ts';
import type { Supergraph } from './supergraph.ts';

/** An operation that passed every check that does not depend on its variables, and its plan. */
export interface Operation {
  readonly document: DocumentNode;
  readonly definition: OperationDefinitionNode;
  readonly type: `${OperationTypeNode}`;
  /** Asks for nothing but the schema and `__typename`: anyone may. */
  readonly open: boolean;
  readonly plan: QueryPlan;
}

export interface Operations {
  /**
   * Parses, checks and plans, or finds what was planned before. Throws `Refused`. An anonymous sender is
   * refused as early as possible, before validation and planning.
   *
   * @param parsed the document, if the transport has parsed it already
   */
  prepare(
    source: string,
    operationName: string | undefined,
    anonymous: boolean,
    parsed?: DocumentNode,
  ): Operation;
}

/** Clients send the same few hundred documents; a plan is some 10 to 100 KiB. */
const CACHED_OPERATIONS = 1_000;

export function createOperations(supergraph: Supergraph, limits: Limits, introspection: boolean): Operations {
  // Planning is synchronous, so no two requests ever plan the same operation at the same time.
  const cache = new LRUCache<string, Operation>({ max: CACHED_OPERATIONS });
  const rules = introspection ? specifiedRules : [...specifiedRules, NoSchemaIntrospectionCustomRule];

  function checkValid(document: DocumentNode): void {
    const errors = validate(supergraph.apiSchema, document, rules, { hideSuggestions: !introspection });
    if (errors.length > 0) {
      throw new Refused(errors.map(({ message }) => coded('GRAPHQL_VALIDATION_FAILED', message)));
    }
  }

  function plan(document: DocumentNode, operationName: string | undefined): QueryPlan {
    const name = operationName === undefined ? {} : { operationName };
    return supergraph.planner.buildQueryPlan(
      operationFromDocument(supergraph.apiDefinitions, document, name),
    );
  }

  return {
    prepare(source, operationName, anonymous, parsed) {
      const key = `${operationName ?? ''}\n${source}`;
      const cached = cache.get(key);
      if (cached) return admitted(cached, anonymous);

      const document = parsed ?? parseSource(source, limits.tokens);
      enforceLimits(document, limits);
      checkLiterals(document);
      const definition = findOperation(document, operationName);
      const open = rootFields(document, definition).every(({ name }) => name.value.startsWith('__'));
      const checked = { document, definition, type: definition.operation, open };
      admitted(checked, anonymous);
      if (definition.operation === 'subscription') checkUnconditional(document, definition);
      checkValid(document);
      const operation = { ...checked, plan: plan(document, operationName) };
      cache.set(key, operation);
      return operation;
    },
  };
}

function admitted<T extends Pick<Operation, 'open'>>(operation: T, anonymous: boolean): T {
  if (anonymous && !operation.open) {
    refuse('UNAUTHENTICATED', 'Sign in: send the header "Authorization: Bearer <token>"');
  }
  return operation;
}

function parseSource(source: string, maxTokens: number): DocumentNode {
  try {
    return parse(source, { maxTokens });
  } catch (error) {
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
