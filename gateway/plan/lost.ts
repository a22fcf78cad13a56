import type { FetchNode } from '@apollo/query-planner';
import {
  type FragmentDefinitionNode,
  type GraphQLSchema,
  getOperationAST,
  Kind,
  type OperationDefinitionNode,
  parse,
  type SelectionSetNode,
} from 'graphql';
import { fragmentsOf } from '../limits/measure.ts';
import { booleanOf, isSkipped, type Variables } from './conditions.ts';
import { type Data, ownField } from './merge.ts';
import { isWithin } from './representation.ts';

type Path = readonly (string | number)[];

/** An object that a fetch was to add to, and where in the result it is. */
export interface Place {
  readonly path: Path;
  readonly data: Data;
}

/** Places that a client is told of one failure: a hundred members without their guilds need no hundred errors. */
const MOST_PLACES = 10;

/** The paths of what is missing when a fetch brought nothing: its fields, of the first object, the second, ... */
export type Lost = (places: readonly Place[], variables: Variables) => Path[];

/** Parses when first asked: most fetches never fail. */
export function compileLost(schema: GraphQLSchema, node: FetchNode): Lost {
  let fetched: Fetched | undefined;
  return (places, variables) => {
    fetched ??= readFetch(node);
    const paths: Path[] = [];
    for (const { path, data } of places) {
      for (const name of fieldsFor(schema, fetched, data, variables)) paths.push([...path, name]);
      if (paths.length >= MOST_PLACES) break;
    }
    return paths.slice(0, MOST_PLACES);
  };
}

interface Fetched {
  readonly definition: OperationDefinitionNode;
  /** What is selected of each object. */
  readonly set: SelectionSetNode;
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
}

function readFetch({ operation, requires }: FetchNode): Fetched {
  const document = parse(operation, { noLocation: true });
  const definition = getOperationAST(document);
  if (!definition) throw new TypeError('A fetch holds one operation');
  const fragments = fragmentsOf(document);
  const { selectionSet } = definition;
  const [entities] = selectionSet.selections;
  const ofEntities = requires && entities?.kind === Kind.FIELD ? entities.selectionSet : undefined;
  return { definition, fragments, set: ofEntities ?? selectionSet };
}

/** The names under which the fetch would have given the object its fields. */
function fieldsFor(
  schema: GraphQLSchema,
  { definition, fragments, set }: Fetched,
  data: Data,
  variables: Variables,
): Set<string> {
  const names = new Set<string>();
  const typename = ownField(data, '__typename');
  const type = typeof typename === 'string' ? schema.getType(typename) : undefined;

  function visit({ selections }: SelectionSetNode): void {
    for (const selection of selections) {
      if (isSkipped(selection.directives, (name) => booleanOf(name, definition, variables))) continue;
      if (selection.kind === Kind.FIELD) {
        if (selection.name.value !== '__typename') names.add((selection.alias ?? selection.name).value);
        continue;
      }
      const fragment =
        selection.kind === Kind.INLINE_FRAGMENT ? selection : fragments.get(selection.name.value);
      if (!fragment) continue;
      const condition = fragment.typeCondition && schema.getType(fragment.typeCondition.name.value);
      if (!condition || !type || isWithin(schema, condition, type)) visit(fragment.selectionSet);
    }
  }

  visit(set);
  return names;
}
