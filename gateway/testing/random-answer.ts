import {
  type DocumentNode,
  type ExecutionResult,
  GraphQLError,
  type GraphQLNamedType,
  type GraphQLOutputType,
  type GraphQLSchema,
  isAbstractType,
  isCompositeType,
  isEnumType,
  isListType,
  isNonNullType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  parse,
  type SelectionSetNode,
} from 'graphql';
import { fragmentsOf } from '../limits/measure.ts';
import { isSkipped } from '../plan/conditions.ts';
import { isWithin } from '../plan/representation.ts';
import type { SourceRequest } from '../sources/source.ts';
import type { Random } from './random.ts';

type Data = Record<string, unknown>;

/**
 * What a subgraph might answer: mostly what was asked for, with nulls where they may be, sometimes with nulls and
 * values where they may not be, with errors, or not at all (it throws).
 *
 * @param schema the whole graph's, with what is not for clients
 */
export function randomAnswer(schema: GraphQLSchema, request: SourceRequest, random: Random): ExecutionResult {
  if (random.percent(3)) throw new GraphQLError('Away', { extensions: { code: 'SUBGRAPH_UNAVAILABLE' } });
  const document = parse(request.query);
  const operation = operationOf(document);
  const fragments = fragmentsOf(document);

  function answer(set: SelectionSetNode, type: GraphQLNamedType): Data {
    const data: Data = {};
    for (const selection of set.selections) {
      if (isSkipped(selection.directives, (name) => request.variables[name] === true)) continue;
      if (selection.kind !== Kind.FIELD) {
        const fragment =
          selection.kind === Kind.INLINE_FRAGMENT ? selection : fragments.get(selection.name.value);
        const condition = fragment?.typeCondition && schema.getType(fragment.typeCondition.name.value);
        if (!fragment || (condition && !isWithin(schema, condition, type))) continue;
        mix(data, answer(fragment.selectionSet, type));
        continue;
      }
      const { name, alias, selectionSet } = selection;
      const key = (alias ?? name).value;
      if (name.value === '__typename') data[key] = type.name;
      else if (name.value === '_entities' && selectionSet) data[key] = entities(selectionSet);
      else {
        const field = 'getFields' in type ? type.getFields()[name.value] : undefined;
        if (field) mix(data, { [key]: anyOf(field.type as GraphQLOutputType, selectionSet) });
      }
    }
    return data;
  }

  function entities(set: SelectionSetNode): unknown[] {
    const representations = request.variables['representations'] as readonly { __typename: string }[];
    const length = random.percent(2) ? representations.length + 1 : representations.length;
    return Array.from({ length }, (_, index) => {
      const type = schema.getType(representations[index]?.__typename ?? '');
      return type && !random.percent(10) ? answer(set, type) : null;
    });
  }

  function anyOf(type: GraphQLOutputType, set: SelectionSetNode | undefined): unknown {
    if (isNonNullType(type)) return random.percent(2) ? null : someOf(type.ofType, set);
    return random.percent(15) ? null : someOf(type, set);
  }

  function someOf(type: GraphQLOutputType, set: SelectionSetNode | undefined): unknown {
    if (isNonNullType(type)) return someOf(type.ofType, set);
    if (isListType(type)) return Array.from({ length: random.upTo(3) }, () => anyOf(type.ofType, set));
    if (!isCompositeType(type)) return random.percent(2) ? random.of([true, 1.5, 'OTHER', {}]) : leafOf(type);
    if (!set) return null;
    return answer(set, isAbstractType(type) ? random.of(schema.getPossibleTypes(type)) : type);
  }

  function leafOf(type: GraphQLNamedType): unknown {
    if (isEnumType(type)) return random.of(type.getValues()).name;
    if (type.name === 'Boolean') return random.percent(50);
    return type.name === 'Int' || type.name === 'Float' ? random.upTo(9) : String(random.upTo(9));
  }

  const root = schema.getRootType(operation.operation);
  if (!isObjectType(root)) throw new Error('The schema has no such root');
  const data = random.percent(3) ? null : answer(operation.selectionSet, root);
  return random.percent(15) ? { data, errors: [randomError(data, random)] } : { data };
}

/** The same field twice, as of two fragments, is one. */
function mix(data: Data, more: Data): void {
  for (const [key, value] of Object.entries(more)) {
    const known = data[key];
    if (isPlain(known) && isPlain(value) && known['__typename'] === value['__typename']) mix(known, value);
    else if (known === undefined) data[key] = value;
  }
}

const isPlain = (value: unknown): value is Data =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function randomError(data: Data | null, random: Random): GraphQLError {
  const path: (string | number)[] = [];
  let value: unknown = data;
  while (typeof value === 'object' && value !== null && Object.keys(value).length > 0 && random.percent(80)) {
    const key = random.of(Object.keys(value));
    path.push(Array.isArray(value) ? Number(key) : key);
    value = (value as Data)[key];
  }
  const code = random.of(['FORBIDDEN', 'INVALID_GRAPHQL', undefined]);
  return new GraphQLError(random.of(['No', '']), {
    path: random.percent(80) ? path : undefined,
    extensions: { ...(code && { code }), detail: 1 },
  });
}

function operationOf(document: DocumentNode): OperationDefinitionNode {
  const operation = document.definitions.find((each) => each.kind === Kind.OPERATION_DEFINITION);
  if (!operation) throw new Error('A fetch without an operation');
  return operation;
}
