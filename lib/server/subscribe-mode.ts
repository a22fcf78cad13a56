import { z } from 'zod';

/**
 * How the gateway subscribes at a subgraph:
 * `own`: for one viewer, told by a first result without data that the subscription is open;
 * `shared`: for many viewers who get the same, from a cursor or (null) from where the operation says; that first
 * result says where;
 * `probe`: to know whether the viewer might subscribe; it completes without an event, or is refused.
 */
export type SubscribeMode =
  | { readonly kind: 'own' }
  | { readonly kind: 'shared'; readonly after: string | null }
  | { readonly kind: 'probe' };

const mode = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('shared'), after: z.string().nullable() }),
  z.strictObject({ kind: z.literal('own') }),
  z.strictObject({ kind: z.literal('probe') }),
]);

/** The mode in a request's extensions; undefined: none. Throws on anything else. */
export const readSubscribeMode = (value: unknown): SubscribeMode | undefined => mode.optional().parse(value);
