import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { buildSchema } from 'graphql';
import { expect, test } from 'vitest';
import { PRICES, priceOf } from './prices.ts';

test('every root field of an operation has its price', () => {
  expect(priceOf('query', ['me', 'party'])).toBe(2);
  expect(priceOf('query', ['me', 'groupInvite', 'groupInvite'])).toBe(21);
  expect(priceOf('mutation', ['partyCreate', 'partyLeave', 'groupJoin'])).toBe(20);
  expect(priceOf('subscription', ['partyInbox'])).toBe(5);
  expect(priceOf('query', ['__schema', '__typename'])).toBe(11);
  expect(priceOf('query', [])).toBe(1);
});

test('every field with a price of its own is one of the graph', async () => {
  const path = join(import.meta.dirname, '../../schema/api.graphql');
  const schema = buildSchema(await readFile(path, 'utf8'));
  const types = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()];
  const fields = new Set(types.flatMap((type) => Object.keys(type?.getFields() ?? {})));
  expect([...PRICES.keys()].filter((name) => !fields.has(name) && !name.startsWith('__'))).toEqual([]);
});
