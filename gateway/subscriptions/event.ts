import type { FetchNode, QueryPlan } from '@apollo/query-planner';
import type { ExecutionResult } from 'graphql';
import { refuse } from '../errors.ts';
import type { Fetchers } from '../executor.ts';
import type { Operation } from '../operations.ts';
import type { Source, SourceRequest } from '../sources/source.ts';

interface SubscriptionPlan {
  readonly primary: FetchNode;
  readonly plan: QueryPlan;
}

const plans = new WeakMap<QueryPlan, SubscriptionPlan>();

/**
 * A subscription's own fetch, and the plan that answers one event: that fetch, then what the selection needs
 * of other subgraphs. Apollo's executor refuses a SubscriptionNode; this it runs like any query's plan. One for all
 * subscribers of an operation: what is compiled of a plan is remembered with it.
 */
export function subscriptionPlan({ plan }: Operation): SubscriptionPlan {
  const known = plans.get(plan);
  if (known) return known;
  const { node } = plan;
  if (node?.kind !== 'Subscription') return refuse('BAD_REQUEST', 'The operation is not a subscription');
  const { primary, rest } = node;
  const nodes = rest ? [primary, rest] : [primary];
  const made: SubscriptionPlan = { primary, plan: { kind: 'QueryPlan', node: { kind: 'Sequence', nodes } } };
  plans.set(plan, made);
  return made;
}

/** What to send for a fetch: its text, and the variables that it uses. */
export function fetchRequest(
  { operation, operationName, variableUsages = [] }: FetchNode,
  variables: Readonly<Record<string, unknown>>,
): SourceRequest {
  const used = variableUsages.filter((name) => variables[name] !== undefined);
  return {
    query: operation,
    variables: Object.fromEntries(used.map((name) => [name, variables[name]])),
    operationName,
  };
}

/**
 * The sources, with the primary fetch answered by the event. It is the first fetch at its subgraph, and once.
 */
export function eventFetchers(
  sources: Readonly<Record<string, Source>>,
  { serviceName }: FetchNode,
  event: ExecutionResult,
): Fetchers {
  let pending: ExecutionResult | undefined = event;
  const owner: Fetchers[string] = {
    async fetch(request, context) {
      const answer = pending ?? sources[serviceName]?.fetch(request, context);
      pending = undefined;
      if (answer === undefined) throw new Error(`No source for subgraph "${serviceName}"`);
      return answer;
    },
  };
  return { ...sources, [serviceName]: owner };
}
