import type { FetchNode, ResponsePath } from '@apollo/query-planner';
import { GraphQLError, type GraphQLFormattedError, type GraphQLSchema } from 'graphql';
import { Refused } from '../errors.ts';
import type { Fetchers } from '../executor.ts';
import type { SourceContext } from '../sources/source.ts';
import type { Variables } from './conditions.ts';
import { compileLost, type Place } from './lost.ts';
import { type Data, merge } from './merge.ts';
import { pathsAt } from './paths.ts';
import { compileRepresentation, type Represent } from './representation.ts';

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
  const represent = node.requires && compileRepresentation(schema, node.requires);
  const lost = compileLost(schema, node);
  return async (execution, cursor) => {
    const found: Data[] = Array.isArray(cursor.data)
      ? cursor.data.filter((each) => each != null)
      : [cursor.data as Data];
    let targets = found;
    const missing = () => lost(placesOf(execution, cursor, found, targets), execution.variables);
    try {
      const variables = usedVariables(node, execution.variables);
      if (represent)
        ({ targets, representations: variables['representations'] } = represented(represent, found));
      if (targets.length === 0) return;
      const data = await ask(node, execution, cursor, variables, missing);
      if (data && represent) mergeEntities(data['_entities'], targets);
      else if (data) for (const target of targets) merge(target, data);
    } catch (error) {
      execution.errors.push(...errorsAt(error, missing()));
    }
  };
}

/** Those that can be named to the subgraph, and how. */
function represented(represent: Represent, found: readonly Data[]) {
  const targets: Data[] = [];
  const representations: Data[] = [];
  for (const each of found) {
    const representation = represent(each);
    if (!representation?.['__typename']) continue;
    targets.push(each);
    representations.push(representation);
  }
  return { targets, representations };
}

/** Where in the result the targets are, of all that was found at the cursor. */
function placesOf(
  { data }: Execution,
  { path }: Cursor,
  found: readonly Data[],
  targets: readonly Data[],
): Place[] {
  const asked = new Set(targets);
  const paths = pathsAt(data, path);
  return found
    .map((each, index) => ({ path: paths[index] ?? [], data: each }))
    .filter(({ data }) => asked.has(data));
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
  missing: () => Path[],
): Promise<Data | null | undefined> {
  const { serviceName, operation: query, operationName } = node;
  const { fetchers, context } = execution;
  const fetcher = fetchers[serviceName];
  if (!fetcher) throw new Error(`Couldn't find service with name "${serviceName}"`);
  if (!context) throw new Error('An anonymous operation reached a subgraph');
  const { data, errors } = await fetcher.fetch({ query, variables, operationName }, context);
  if (errors) {
    const pathOf = errorPaths(node, execution, cursor);
    for (const error of errors) {
      const isOfAll = !error.path && !data;
      const paths = isOfAll ? orNone(missing()) : [pathOf(error.path)];
      execution.errors.push(...paths.map((path) => subgraphError(error, serviceName, path)));
    }
  }
  return data;
}

type Path = readonly (string | number)[];

/** An error without a path, where there is nothing that it explains. */
const orNone = (paths: readonly Path[]): readonly (Path | undefined)[] =>
  paths.length > 0 ? paths : [undefined];

/** What became of a whole fetch, at each place where a client misses something. */
function errorsAt(error: unknown, paths: readonly Path[]): unknown[] {
  const errors = error instanceof Refused ? error.errors : [error];
  return errors.flatMap((each) =>
    orNone(paths).map((path) => {
      if (path === undefined || !(each instanceof Error)) return each;
      const extensions = each instanceof GraphQLError ? each.extensions : {};
      return new GraphQLError(each.message, { originalError: each, path, extensions });
    }),
  );
}

/** Where in the whole result an error of a subgraph belongs: `_entities, 2, name` is the third entity's name. */
function errorPaths(
  { requires }: FetchNode,
  { data }: Execution,
  cursor: Cursor,
): (path: Path | undefined) => Path | undefined {
  let entities: readonly Path[] | undefined;
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
  path: Path | undefined,
): GraphQLError {
  const code = error.extensions?.['code'] || 'DOWNSTREAM_SERVICE_ERROR';
  return new GraphQLError(error.message || `Error while fetching subquery from service "${serviceName}"`, {
    // A remote subgraph's errors are plain objects, and as good here: it is the cause that is logged.
    originalError: error as GraphQLError,
    path,
    extensions: { ...error.extensions, code, serviceName },
  });
}
