import type { GraphQLError } from 'graphql';
import { coded } from '../errors.ts';

/** A subgraph that is away or does not answer properly. Names it, and neither its address nor its answer. */
export function unavailable(name: string): GraphQLError {
  return coded('SUBGRAPH_UNAVAILABLE', `The ${name} service is not available: try again`);
}

/** What the log says each time. */
export const NO_ANSWER = 'Subgraph did not answer';
