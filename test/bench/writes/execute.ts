import { DEMO_COMMUNITY_ID, DEMO_TENANT_ID, type Viewer } from '@fellowship/identity';
import type { Subgraph } from '@fellowship/server';
import { graphql } from 'graphql';

// biome-ignore lint/suspicious/noExplicitAny: who asks knows the shape; a wrong path is undefined and fails.
type Data = any;

/** Runs an operation on a subgraph without HTTP. Throws on any error, in a payload too. */
export async function executeAs(
  subgraph: Subgraph,
  as: Pick<Viewer, 'playerId'> & Partial<Viewer>,
  source: string,
  variableValues: { readonly [name: string]: unknown },
): Promise<Data> {
  const viewer: Viewer = {
    tenantId: DEMO_TENANT_ID,
    communities: [DEMO_COMMUNITY_ID],
    scopes: [],
    expiresAt: new Date(Date.now() + 3_600_000),
    ...as,
  };
  const contextValue = subgraph.context(viewer, 'bench');
  const { data, errors } = await graphql({ schema: subgraph.schema, source, contextValue, variableValues });
  if (errors) throw errors[0]?.originalError ?? errors[0];
  for (const payload of Object.values(data as Record<string, { errors?: unknown[] }>)) {
    if (payload?.errors?.length) throw new Error(JSON.stringify(payload.errors));
  }
  return data;
}
