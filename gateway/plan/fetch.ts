import type { FetchNode, ResponsePath } from '@apollo/query-planner';
import { GraphQLError, type GraphQLFormattedError, type GraphQLSchema } from 'graphql';
import type { Fetchers } from '../executor.ts';
import type { SourceContext } from '../sources/source.ts';
import type { Variables } from './conditions.ts';
import { type Data, merge } from './merge.ts';
import { pathsAt } from './paths.ts';
import { compileRepresentation } from './representation.ts';

/** One run of a plan. */
export interface Execution {
  readonly fetchers: Fetchers;
  readonly variables: Variables;
  /** undefined for an operation that must not reach a subgraph. */
  readonly context: SourceContext | undefined;
  /** What is known so far: the answers of subgraphs, merged. */
  readonly data: Data;
  /** Of subgraphs, and of those that did not answer. */
  readonly errors: unknown[];
}

/** Where in `Execution.data` a part of a plan works, and what lies there: an object, or some in a list. */
export interface Cursor {
  readonly path: ResponsePath;
  readonly data: unknown;
}

/** A part of a plan. Rejects only for what makes the whole result void. */
export type Step = (execution: Execution, cursor: Cursor) => Promise<void>;

/** Asks a subgraph, for an operation's root fields or for more of the entities at the cursor. */
export function compileFetch(schema: GraphQLSchema, node: FetchNode): Step {
  const fetchInto = node.requires ? entityFetch(schema, node, node.requires) : rootFetch(node);
  return async (execution, cursor) => {
    const targets = Array.isArray(cursor.data) ? cursor.data.filter((each) => each != null) : [cursor.data];
    if (targets.length === 0) return;
    try {
      await fetchInto(execution, cursor, targets);
    } catch (error) {
      execution.errors.push(error);
    }
  };
}

type FetchInto = (execution: Execution, cursor: Cursor, targets: readonly Data[]) => Promise<void>;

function rootFetch(node: FetchNode): FetchInto {
  return async (execution, cursor, targets) => {
    const data = await ask(node, execution, cursor, usedVariables(node, execution.variables));
    if (data) for (const target of targets) merge(target, data);
  };
}

function entityFetch(
  schema: GraphQLSchema,
  node: FetchNode,
  requires: NonNullable<FetchNode['requires']>,
): FetchInto {
  const represent = compileRepresentation(schema, requires);
  return async (execution, cursor, targets) => {
    const representations: Data[] = [];
    const represented: Data[] = [];
    for (const target of targets) {
      const representation = represent(target);
      if (!representation?.['__typename']) continue;
      representations.push(representation);
      represented.push(target);
    }
    if (representations.length === 0) return;
    const variables = { ...usedVariables(node, execution.variables), representations };
    const data = await ask(node, execution, cursor, variables);
    if (data) mergeEntities(data['_entities'], represented);
  };
}

function mergeEntities(entities: unknown, targets: readonly Data[]): void {
  if (!Array.isArray(entities)) throw new Error('Expected "data._entities" in response to be an array');
  if (entities.length !== targets.length) {
    throw new Error(`Expected "data._entities" to contain ${targets.length} elements`);
  }
  targets.forEach((target, index) => {
    const entity: Data | null | undefined = entities[index];
    if (entity) merge(target, entity);
  });
}

function usedVariables({ variableUsages = [] }: FetchNode, variables: Variables): Record<string, unknown> {
  // A variable may be named `__proto__`.
  const used: Record<string, unknown> = Object.create(null);
  for (const name of variableUsages) {
    if (Object.hasOwn(variables, name) && variables[name] !== undefined) used[name] = variables[name];
  }
  return used;
}

async function ask(
  node: FetchNode,
  execution: Execution,
  cursor: Cursor,
  variables: Record<string, unknown>,
): Promise<Data | null | undefined> {
  const { serviceName, operation: query, operationName } = node;
  const { fetchers, context } = execution;
  const fetcher = fetchers[serviceName];
  if (!fetcher) throw new Error(`Couldn't find service with name "${serviceName}"`);
  if (!context) throw new Error('An anonymous operation reached a subgraph');
  const { data, errors } = await fetcher.fetch({ query, variables, operationName }, context);
  if (errors) {
    const pathOf = errorPaths(node, execution, cursor);
    for (const error of errors) execution.errors.push(subgraphError(error, serviceName, pathOf(error.path)));
  }
  return data;
}

type Path = readonly (string | number)[] | undefined;

/** Where in the whole result an error of a subgraph belongs: `_entities, 2, name` is the third entity's name. */
function errorPaths({ requires }: FetchNode, { data }: Execution, cursor: Cursor): (path: Path) => Path {
  let entities: readonly (readonly (string | number)[])[] | undefined;
  return (path) => {
    if (!path) return undefined;
    const [, nth, ...rest] = path;
    if (!requires || typeof nth !== 'number') return [...cursor.path, ...path];
    entities ??= pathsAt(data, cursor.path);
    return [...(entities[nth] ?? []), ...rest];
  };
}

function subgraphError(
  error: GraphQLError | GraphQLFormattedError,
  serviceName: string,
  path: Path,
): GraphQLError {
  const code = error.extensions?.['code'] || 'DOWNSTREAM_SERVICE_ERROR';
  return new GraphQLError(error.message || `Error while fetching subquery from service "${serviceName}"`, {
    // A remote subgraph's errors are plain objects, and as good here: it is the cause that is logged.
    originalError: error as GraphQLError,
    path,
    extensions: { ...error.extensions, code, serviceName },
  });
}
