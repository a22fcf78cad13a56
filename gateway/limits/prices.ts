import type { OperationTypeNode } from 'graphql';

/** Points of a root field: what writes or opens a stream costs more than what reads. */
const BY_TYPE: Readonly<Record<`${OperationTypeNode}`, number>> = { query: 1, mutation: 5, subscription: 5 };

/** Searches, and whatever takes a code that could be guessed: dearer, beside the limit of wrong guesses. */
const SEARCH = 5;
const CODE = 10;
export const PRICES: ReadonlyMap<string, number> = new Map([
  ['parties', SEARCH],
  ['guilds', SEARCH],
  ['organizations', SEARCH],
  ['guildInvite', CODE],
  ['guildInviteAccept', CODE],
  ['groupInvite', CODE],
  ['groupJoin', CODE],
  ['__schema', CODE],
  ['__type', SEARCH],
]);

/** What is refused before it is known what it asks for; `{ __typename }` too. */
export const LEAST_PRICE = 1;

/** Points of an operation with these root fields, each as often as it is asked for. */
export function priceOf(type: `${OperationTypeNode}`, fields: readonly string[]): number {
  return fields.reduce((sum, field) => sum + (PRICES.get(field) ?? BY_TYPE[type]), 0) || LEAST_PRICE;
}
