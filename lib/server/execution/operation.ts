import { onceByVariables } from '@fellowship/graphql';
import {
  type DocumentNode,
  type ExecutionArgs,
  type ExecutionResult,
  type FragmentDefinitionNode,
  type GraphQLError,
  type GraphQLObjectType,
  type GraphQLSchema,
  getOperationAST,
  Kind,
  type OperationDefinitionNode,
  OperationTypeNode,
} from 'graphql';
import { collectFields } from 'graphql/execution/collectFields.js';
import { compileFields, runFields, runFieldsSerially, type Size } from './fields.ts';
import { type Data, FieldErrors, isPromise, type Run } from './run.ts';
import { compileVariables } from './variables.ts';

export type RunOperation = (
  args: Pick<ExecutionArgs, 'rootValue' | 'contextValue' | 'variableValues'>,
) => ExecutionResult | Promise<ExecutionResult>;

/**
 * An operation of a document as closures, which do what graphql's `execute` does, and know what it finds out for
 * each object and each field: which fields a type has here, how their values are completed. Each is made when it is
 * first reached, once for each combination of `@skip` and `@include`. Undefined for what is graphql's to refuse.
 */
export function compileOperation(
  schema: GraphQLSchema,
  document: DocumentNode,
  operationName: string | undefined,
  size: Size,
): RunOperation | undefined {
  const operation = getOperationAST(document, operationName);
  const type = operation && schema.getRootType(operation.operation);
  return operation && type ? compile(schema, document, operation, type, size) : undefined;
}

function compile(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
  type: GraphQLObjectType,
  size: Size,
): RunOperation {
  const { variableDefinitions = [], selectionSet } = operation;
  const fragments = fragmentsOf(document);
  const variablesOf = compileVariables(schema, variableDefinitions);
  const rootFields = onceByVariables(operation, 'Boolean', (conditions) => {
    const selected = collectFields(schema, fragments, conditions, type, selectionSet);
    return compileFields({ schema, fragments, operation, conditions, size }, type, selected);
  });

  function start(run: Run): Data | PromiseLike<Data> {
    const fields = rootFields(run.variableValues);
    return operation.operation === OperationTypeNode.MUTATION
      ? runFieldsSerially(run, fields, run.rootValue)
      : runFields(run, fields, run.rootValue, undefined);
  }

  return ({ rootValue, contextValue, variableValues }) => {
    const { coerced, errors } = variablesOf(variableValues ?? {});
    if (errors) return { errors };
    const run: Run = { rootValue, contextValue, variableValues: coerced, errors: new FieldErrors() };
    try {
      const data = start(run);
      if (!isPromise(data)) return resultOf(run, data);
      return Promise.resolve(data).then(
        (resolved) => resultOf(run, resolved),
        (error) => failed(run, error),
      );
    } catch (error) {
      return failed(run, error as GraphQLError);
    }
  };
}

function resultOf({ errors: { all } }: Run, data: Data | null): ExecutionResult {
  return all.length > 0 ? { errors: all, data } : { data };
}

function failed(run: Run, error: GraphQLError): ExecutionResult {
  run.errors.add(error, undefined);
  return resultOf(run, null);
}

function fragmentsOf({ definitions }: DocumentNode): Record<string, FragmentDefinitionNode> {
  const fragments: Record<string, FragmentDefinitionNode> = Object.create(null);
  for (const definition of definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments[definition.name.value] = definition;
  }
  return fragments;
}
