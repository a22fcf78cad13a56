import type { PlanNode, QueryPlan } from '@apollo/query-planner';
import { type ExecutionResult, GraphQLError, type OperationDefinitionNode } from 'graphql';
import type { Fetchers } from '../executor.ts';
import { rootFields } from '../limits/roots.ts';
import type { Operation } from '../operations.ts';
import type { SourceContext } from '../sources/source.ts';
import type { Supergraph } from '../supergraph.ts';
import { booleanOf, type Variables } from './conditions.ts';
import { compileFetch, type Execution, type Step } from './fetch.ts';
import { valueAt } from './paths.ts';
import { createShape } from './shape.ts';

/** Runs one plan. Its errors are as Apollo's executor gives them: clean them before they leave. */
export type CompiledPlan = (
  fetchers: Fetchers,
  variables: Variables,
  context: SourceContext | undefined,
) => Promise<ExecutionResult>;

/**
 * A plan as closures, which know before the first request what Apollo's executor finds out at each: which fields
 * to send along, where answers go, and what a client sees of them. Undefined for what is rare (`isCompilable`): that
 * is for Apollo's executor, and so is the doubt; `plan.test.ts` compares the two.
 */
export function compilePlan(
  supergraph: Supergraph,
  operation: Operation,
  { node }: QueryPlan,
): CompiledPlan | undefined {
  const { definition, document } = operation;
  const asksSchema = rootFields(document, definition).some(({ name }) =>
    /^__(schema|type)$/.test(name.value),
  );
  if (asksSchema || node?.kind === 'Subscription' || (node && !isCompilable(node))) return undefined;
  const run = node && compileNode(supergraph, definition, node);
  const shape = createShape(supergraph.apiSchema, operation);

  return async (fetchers, variables, context) => {
    const execution: Execution = { fetchers, variables, context, data: {}, errors: [] };
    await run?.(execution, { path: [], data: execution.data });
    const { errors } = execution;
    try {
      const { data, lost } = shape(execution.data, variables);
      const all = errors.length > 0 ? errors : lost;
      return { data, ...(all.length > 0 && { errors: all as GraphQLError[] }) };
    } catch (error) {
      const { message } = error as Error;
      return { errors: [new GraphQLError(message, { originalError: error as Error })] };
    }
  };
}

/** Whether a plan has no deferred parts and renames nothing, which Fellowship's graph never asks for. */
function isCompilable(node: PlanNode): boolean {
  switch (node.kind) {
    case 'Sequence':
    case 'Parallel':
      return node.nodes.every(isCompilable);
    case 'Flatten':
      return isCompilable(node.node);
    case 'Condition':
      return [node.ifClause, node.elseClause].every((branch) => !branch || isCompilable(branch));
    case 'Fetch':
      return !node.inputRewrites?.length && !node.outputRewrites?.length && !node.contextRewrites?.length;
    default:
      return false;
  }
}

function compileNode(supergraph: Supergraph, definition: OperationDefinitionNode, node: PlanNode): Step {
  const compile = (child: PlanNode) => compileNode(supergraph, definition, child);
  switch (node.kind) {
    case 'Sequence': {
      const steps = node.nodes.map(compile);
      return async (execution, cursor) => {
        for (const step of steps) await step(execution, cursor);
      };
    }
    case 'Parallel': {
      const steps = node.nodes.map(compile);
      return async (execution, cursor) => {
        await Promise.all(steps.map((step) => step(execution, cursor)));
      };
    }
    case 'Flatten': {
      const step = compile(node.node);
      return async (execution, cursor) => {
        const data = valueAt(cursor.data, node.path);
        if (data) await step(execution, { path: [...cursor.path, ...node.path], data });
      };
    }
    case 'Condition': {
      const [met, unmet] = [
        node.ifClause && compile(node.ifClause),
        node.elseClause && compile(node.elseClause),
      ];
      return async (execution, cursor) => {
        const branch = booleanOf(node.condition, definition, execution.variables) ? met : unmet;
        await branch?.(execution, cursor);
      };
    }
    case 'Fetch':
      return compileFetch(supergraph.fullSchema, node);
    default:
      throw new TypeError(`A ${node.kind} node can't be compiled`);
  }
}
