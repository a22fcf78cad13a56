import { Result } from '@fellowship/graphql';
import {
  type ExecutionArgs,
  type GraphQLInputType,
  type GraphQLSchema,
  getVariableValues,
  isInputType,
  isLeafType,
  isListType,
  isNonNullType,
  typeFromAST,
  type VariableDefinitionNode,
} from 'graphql';
import type { Variables } from './run.ts';

type Given = NonNullable<ExecutionArgs['variableValues']>;
type Coerced = ReturnType<typeof getVariableValues>;

/** The value of a variable; undefined, or an error thrown, for what is graphql's to judge. */
type Read = (value: unknown) => unknown;

interface Variable {
  readonly name: string;
  readonly read: Read;
}

/**
 * As graphql's `getVariableValues`, which looks types up and walks them at each execution: 3% of the processor of
 * README's query. Scalars, enums and their lists are read by what is known of them before; what is not there, not valid
 * or an input object is graphql's.
 */
export function compileVariables(
  schema: GraphQLSchema,
  definitions: readonly VariableDefinitionNode[],
): (given: Given) => Coerced {
  const byGraphql = (given: Given) => getVariableValues(schema, definitions, given, { maxErrors: 50 });
  const variables = definitions.map((definition): Variable | undefined => {
    const type = typeFromAST(schema, definition.type as never);
    const read = isInputType(type) ? compileRead(type) : undefined;
    return read && { name: definition.variable.name.value, read };
  });
  if (!variables.every((variable) => variable !== undefined)) return byGraphql;
  return (given) => {
    const coerced = readAll(variables, given);
    return coerced ? { coerced } : byGraphql(given);
  };
}

function readAll(variables: readonly Variable[], given: Given): Variables | undefined {
  const coerced = new Result();
  try {
    for (const { name, read } of variables) {
      const value = Object.hasOwn(given, name) ? read(given[name]) : undefined;
      if (value === undefined) return undefined;
      coerced[name] = value;
    }
  } catch {
    return undefined;
  }
  return coerced;
}

function compileRead(type: GraphQLInputType): Read | undefined {
  if (isNonNullType(type)) {
    const read = compileRead(type.ofType);
    return read && ((value) => (value === null ? undefined : read(value)));
  }
  if (isListType(type)) {
    const read = compileRead(type.ofType);
    return read && ((value) => readList(read, value));
  }
  if (!isLeafType(type)) return undefined;
  return (value) => (value === null ? null : type.parseValue(value));
}

function readList(read: Read, value: unknown): unknown {
  if (value === null) return null;
  if (!Array.isArray(value)) return undefined;
  const list = value.map(read);
  return list.includes(undefined) ? undefined : list;
}
