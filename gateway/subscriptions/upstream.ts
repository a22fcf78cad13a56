import { type ExecutionResult, GraphQLError, type GraphQLFormattedError } from 'graphql';
import type { Logger } from 'pino';
import { Refused } from '../errors.ts';
import { executePlan } from '../executor.ts';
import { type AdmittedRequest, cleanResult, sourceContext } from '../graph.ts';
import type { Source } from '../sources/source.ts';
import type { Supergraph } from '../supergraph.ts';
import { unlessAborted } from './abortable.ts';
import { eventFetchers, fetchRequest, subscriptionPlan } from './event.ts';

export interface UpstreamOptions {
  readonly supergraph: Supergraph;
  readonly sources: Readonly<Record<string, Source>>;
  readonly log: Logger;
}

/**
 * The results of one subscription at its subgraph, each completed by what it selects of the others. Throws what
 * ends it: the subgraph's refusal as `Refused`, or, at once, the reason with which the request's signal aborts.
 */
export async function* openUpstream(
  { supergraph, sources, log }: UpstreamOptions,
  request: AdmittedRequest,
): AsyncGenerator<ExecutionResult, void, void> {
  const { operation, variables, requestId, signal } = request;
  const { primary, plan } = subscriptionPlan(operation);
  const source = sources[primary.serviceName];
  const context = sourceContext(request);
  if (!source || !context) throw new Error(`No way to subscribe at "${primary.serviceName}"`);
  const stream = source.subscribe(fetchRequest(primary, variables), context);

  async function resultOf(event: ExecutionResult): Promise<ExecutionResult> {
    const fetchers = eventFetchers(sources, primary, event);
    const result = await executePlan(supergraph, operation, plan, fetchers, variables, context);
    return cleanResult(result, requestId, log);
  }

  for (;;) {
    const next = await unlessAborted(stream.next(), signal);
    if (next.done) return;
    const { data, errors = [] } = next.value;
    if (data === undefined) throw new Refused(errors.map(asGraphQLError));
    yield await unlessAborted(resultOf(next.value), signal);
  }
}

/** A remote subgraph's errors are plain objects. */
function asGraphQLError(error: GraphQLError | GraphQLFormattedError): GraphQLError {
  if (error instanceof GraphQLError) return error;
  return new GraphQLError(error.message, { extensions: error.extensions ?? {} });
}
