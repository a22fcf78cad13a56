import type { Handler } from '@fellowship/bus';
import type { Logger, Subgraph } from '@fellowship/server';
import { execute, isInputObjectType, parse } from 'graphql';
import { v5 as uuidv5 } from 'uuid';

/** Made once at random: a service without a token is known by the UUID of its events' source. */
const services = 'c3a4f1de-0c52-4b6e-9a43-52d1f0a8f7b1';

/**
 * Handles an event as if its sender had called `mutation`, which is the same door for services without the bus: the
 * event's data is the input (of its fields those that the input has) and its id the `reportId`, by which the
 * mutation knows repetitions. What a rule refuses is logged and done with; an input that is none, or a fault, is a
 * failure. Throws at once when there is no such mutation.
 */
export function mutationHandler(
  { schema, context }: Pick<Subgraph, 'schema' | 'context'>,
  mutation: string,
  scope: string,
  log: Logger,
): Handler {
  const typeName = `${mutation[0]?.toUpperCase()}${mutation.slice(1)}Input`;
  const type = schema.getType(typeName);
  if (!isInputObjectType(type) || !schema.getMutationType()?.getFields()[mutation]) {
    throw new Error(`There is no mutation ${mutation} that takes ${typeName}`);
  }
  const fields = Object.keys(type.getFields());
  const document = parse(
    `mutation ($input: ${typeName}!) { payload: ${mutation}(input: $input) { errors { code message } } }`,
  );

  return async ({ id, source, tenant, data }) => {
    const said = { ...(data as Record<string, unknown>), reportId: id } as Record<string, unknown>;
    const input = Object.fromEntries(
      fields.flatMap((field) => (field in said ? [[field, said[field]] as const] : [])),
    );
    const viewer = {
      playerId: uuidv5(source, services),
      tenantId: tenant,
      communities: [],
      scopes: [scope],
      // Nothing that goes on: the event is done with at once.
      expiresAt: new Date(Date.now() + 60_000),
    };
    const contextValue = context(viewer, id);
    const result = await execute({ schema, document, variableValues: { input }, contextValue });
    if (result.errors?.[0]) throw result.errors[0];
    const payload = result.data?.['payload'] as { errors: readonly object[] };
    if (payload.errors.length > 0) log.warn({ mutation, id, errors: payload.errors }, 'An event was refused');
  };
}
