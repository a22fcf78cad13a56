import type { Viewer } from '@fellowship/identity';
import { GraphQLError } from 'graphql';

/** Throws the top-level error FORBIDDEN unless the viewer's token has the scope, e.g. `service:quest`. */
export function requireScope({ scopes }: Viewer, scope: string): void {
  if (scopes.includes(scope)) return;
  throw new GraphQLError(`This takes a token with the scope ${scope}`, { extensions: { code: 'FORBIDDEN' } });
}
