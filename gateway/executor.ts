import './telemetry-off.ts';
import { buildOperationContext, executeQueryPlan } from '@apollo/gateway';
import type { QueryPlan } from '@apollo/query-planner';
import { type ExecutionResult, getVariableValues } from 'graphql';
import { coded, Refused } from './errors.ts';
import { checkVariables } from './limits/storable.ts';
import type { Operation } from './operations.ts';
import { type CompiledPlan, compilePlan } from './plan/compile.ts';
import type { Source, SourceContext } from './sources/source.ts';
import type { Supergraph } from './supergraph.ts';

type Variables = Readonly<Record<string, unknown>>;
type PlanRequest = Parameters<typeof executeQueryPlan>[2];
type DataSources = Parameters<typeof executeQueryPlan>[1];
type FetchAnswer = Awaited<ReturnType<DataSources[string]['process']>>;

type Fetcher = Pick<Source, 'fetch'>;
/** Who answers the fetches of a plan, by the subgraph's name. */
export type Fetchers = Readonly<Record<string, Fetcher>>;

/** Throws `Refused` unless the variables are what the operation declares and may reach a subgraph. */
export function checkOperationVariables(
  supergraph: Supergraph,
  operation: Operation,
  variables: Variables,
): void {
  checkVariables(variables);
  const definitions = operation.definition.variableDefinitions ?? [];
  const { errors } = getVariableValues(supergraph.apiSchema, definitions, variables, { maxErrors: 20 });
  if (errors) throw new Refused(errors.map(({ message }) => coded('BAD_USER_INPUT', message)));
}

const runners = new WeakMap<QueryPlan, CompiledPlan>();

/** How the plan is run: compiled, where it can be and is to be, or by Apollo's executor. */
function runnerOf(supergraph: Supergraph, operation: Operation, plan: QueryPlan): CompiledPlan {
  if (supergraph.executor === 'apollo') return apolloPlan(supergraph, operation, plan);
  const known = runners.get(plan);
  if (known) return known;
  const runner = compilePlan(supergraph, operation, plan) ?? apolloPlan(supergraph, operation, plan);
  runners.set(plan, runner);
  return runner;
}

/**
 * Runs a plan of the operation. The result's errors are as the sources and Apollo's executor gave them: clean
 * them before they leave (`cleanErrors`).
 *
 * @param context undefined for an operation that reaches no source (introspection by an anonymous client)
 */
export function executePlan(
  supergraph: Supergraph,
  operation: Operation,
  plan: QueryPlan,
  fetchers: Fetchers,
  variables: Variables,
  context: SourceContext | undefined,
): Promise<ExecutionResult> {
  return runnerOf(supergraph, operation, plan)(fetchers, variables, context);
}

function apolloPlan(supergraph: Supergraph, operation: Operation, plan: QueryPlan): CompiledPlan {
  return async (fetchers, variables, context) => {
    const operationName = operation.definition.name?.value;
    const result = await executeQueryPlan(
      plan,
      dataSources(fetchers, context),
      // All that executeQueryPlan reads of a request.
      { request: { variables }, metrics: {} } as unknown as PlanRequest,
      buildOperationContext({
        schema: supergraph.apiSchema,
        operationDocument: operation.document,
        ...(operationName !== undefined && { operationName }),
      }),
      supergraph.fullSchema,
      supergraph.apiDefinitions,
    );
    return withLostFields(result);
  };
}

/**
 * Apollo reports a missing value of a non-null field that no service explained as
 * `extensions.valueCompletion`. The specification asks for an error; a null that nobody explains would be a
 * riddle.
 */
function withLostFields({ data, errors, extensions }: ExecutionResult): ExecutionResult {
  const lost = extensions?.['valueCompletion'];
  const all = Array.isArray(lost) ? [...(errors ?? []), ...lost] : errors;
  return { ...(data !== undefined && { data }), ...(all?.length && { errors: all }) };
}

/** The fetchers as what Apollo calls data sources. */
function dataSources(fetchers: Fetchers, context: SourceContext | undefined): DataSources {
  const entries = Object.entries(fetchers).map(([name, fetcher]) => [name, dataSource(fetcher, context)]);
  return Object.fromEntries(entries);
}

function dataSource(fetcher: Fetcher, context: SourceContext | undefined): DataSources[string] {
  return {
    async process({ request: { query = '', variables = {}, operationName } }) {
      if (context === undefined) throw new Error('An anonymous operation reached a subgraph');
      // The same shape: graphql's types say readonly and `| undefined` where Apollo's do not.
      return (await fetcher.fetch({ query, variables, operationName }, context)) as FetchAnswer;
    },
  };
}
