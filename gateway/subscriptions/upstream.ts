import type { Sharing, SubscribeMode } from '@fellowship/server';
import { type ExecutionResult, GraphQLError, type GraphQLFormattedError } from 'graphql';
import type { Logger } from 'pino';
import { unlessAborted } from '../abortable.ts';
import { Refused } from '../errors.ts';
import { executePlan } from '../executor.ts';
import { type AdmittedRequest, cleanResult, sourceContext } from '../graph.ts';
import type { Source } from '../sources/source.ts';
import type { Supergraph } from '../supergraph.ts';
import { ahead } from './ahead.ts';
import { eventFetchers, fetchRequest, subscriptionPlan } from './event.ts';

/**
 * Events of one upstream that are executed at a time. Measured over remote subgraphs, 8 against one at a time: 1.4 times
 * the events of one subscriber a second, a twentieth less where two hundred upstreams compete; 16 gave no more.
 */
const AHEAD = 4;

export interface UpstreamOptions {
  readonly supergraph: Supergraph;
  readonly sources: Readonly<Record<string, Source>>;
  readonly log: Logger;
}

/** What comes of a shared subscription: a result, what the subgraph says of who may have it, or both. */
export interface SharedResult {
  readonly result?: ExecutionResult;
  readonly sharing?: Sharing | undefined;
}

/**
 * The results of one subscription at its subgraph, each completed by what it selects of the others. Throws what
 * ends it: the subgraph's refusal as `Refused`, or, at once, the reason with which the request's signal aborts.
 */
export async function* openUpstream(
  options: UpstreamOptions,
  request: AdmittedRequest,
): AsyncGenerator<ExecutionResult, void, void> {
  for await (const { result } of subscribe(options, request, { kind: 'own' })) if (result) yield result;
}

/** The same for many viewers, from a cursor or (null) from where the operation says; in this one's name. */
export function openShared(
  options: UpstreamOptions,
  request: AdmittedRequest,
  after: string | null,
): AsyncGenerator<SharedResult, void, void> {
  return subscribe(options, request, { kind: 'shared', after });
}

/** Whether the viewer might subscribe now. Throws the subgraph's refusal as `Refused`. */
export async function probeUpstream(options: UpstreamOptions, request: AdmittedRequest): Promise<void> {
  await subscribe(options, request, { kind: 'probe' }).next();
}

async function* subscribe(
  { supergraph, sources, log }: UpstreamOptions,
  request: AdmittedRequest,
  mode: SubscribeMode,
): AsyncGenerator<SharedResult, void, void> {
  const { operation, variables, requestId, signal } = request;
  const { primary, plan } = subscriptionPlan(operation);
  const source = sources[primary.serviceName];
  const context = sourceContext(request);
  if (!source || !context) throw new Error(`No way to subscribe at "${primary.serviceName}"`);
  const stream = source.subscribe({ ...fetchRequest(primary, variables), mode }, context);

  async function resultOf(event: ExecutionResult): Promise<ExecutionResult> {
    const fetchers = eventFetchers(sources, primary, event);
    const forEvent = context && { ...context, forEvent: true };
    const result = await executePlan(supergraph, operation, plan, fetchers, variables, forEvent);
    return cleanResult(result, requestId, log);
  }

  async function shared(event: ExecutionResult): Promise<SharedResult> {
    const { data, errors = [], extensions } = event;
    const sharing = extensions?.['sharing'] as Sharing | undefined;
    if (data !== undefined) return { result: await resultOf(event), sharing };
    if (sharing) return { sharing };
    throw new Refused(errors.map(asGraphQLError));
  }

  const results = ahead(stream, shared, AHEAD);
  for (;;) {
    const next = await unlessAborted(results.next(), signal);
    if (next.done) return;
    yield next.value;
  }
}

/** A remote subgraph's errors are plain objects. */
function asGraphQLError(error: GraphQLError | GraphQLFormattedError): GraphQLError {
  if (error instanceof GraphQLError) return error;
  return new GraphQLError(error.message, { extensions: error.extensions ?? {} });
}
