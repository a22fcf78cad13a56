import {
  type DocumentNode,
  type ExecutionArgs,
  type ExecutionResult,
  execute,
  type GraphQLSchema,
  isObjectType,
} from 'graphql';
import { compileOperation, type RunOperation } from './operation.ts';

/** Who runs plans and operations: Fellowship's own compiled ones; or Apollo's executor all plans, graphql's all operations. */
export type ExecutorKind = 'compiled' | 'apollo';

/** As graphql's `execute`, whose results these are, of valid documents. */
export type Execute = (
  args: Pick<ExecutionArgs, 'document' | 'operationName' | 'rootValue' | 'contextValue' | 'variableValues'>,
) => ExecutionResult | Promise<ExecutionResult>;

/**
 * A field keeps 1 KB (measured). A client may make one document many: by each combination of its conditions, and by
 * each type that an interface turns out to be.
 */
const MAX_FIELDS = 50_000;

/** What is compiled of a document is forgotten with it, and when there is too much of all. */
export function createExecutor(schema: GraphQLSchema, kind: ExecutorKind = 'compiled'): Execute {
  const byGraphql: Execute = (args) => execute({ schema, ...args }) as ReturnType<Execute>;
  if (kind === 'apollo' || hasPredicates(schema)) return byGraphql;
  const size = { fields: 0 };
  let compiled = new WeakMap<DocumentNode, Map<string | undefined, RunOperation>>();

  function operationOf(document: DocumentNode, operationName: string | undefined): RunOperation | undefined {
    if (size.fields > MAX_FIELDS) {
      compiled = new WeakMap();
      size.fields = 0;
    }
    const known = compiled.get(document)?.get(operationName);
    if (known) return known;
    const operation = compileOperation(schema, document, operationName, size);
    if (!operation) return undefined;
    const operations = compiled.get(document) ?? new Map<string | undefined, RunOperation>();
    compiled.set(document, operations.set(operationName, operation));
    return operation;
  }

  return (args) => {
    const run = operationOf(args.document, args.operationName ?? undefined);
    return run ? run(args) : byGraphql(args);
  };
}

/** `isTypeOf`, which no schema of ours has: that is for graphql. */
function hasPredicates(schema: GraphQLSchema): boolean {
  return Object.values(schema.getTypeMap()).some((type) => isObjectType(type) && type.isTypeOf);
}
