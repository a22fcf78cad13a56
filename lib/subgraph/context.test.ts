import { expect, test } from 'vitest';
import { createContext } from './context.ts';
import type { Store } from './store.ts';

const viewer = { playerId: 'p', tenantId: 't', communities: [], scopes: [], expiresAt: new Date() };

/** What a context asks of a store; a command has nothing to do but to be done. */
const store = {
  database: { of: () => ({}) },
  activity: {},
  commands: {
    async run(...[, , , , committed]: Parameters<Store<never>['commands']['run']>) {
      committed?.();
    },
  },
  clock: () => new Date(),
  newId: () => 'id',
} as unknown as Store<never>;

function newContext() {
  let made = 0;
  return createContext(store, viewer, () => {
    made += 1;
    return { made };
  });
}

test('a command leaves new loaders behind', async () => {
  const context = newContext();
  const { loaders } = context;
  expect(context.loaders).toBe(loaders);
  await context.command('partyLeave', {}, async () => {});
  expect(context.loaders).toEqual({ made: 2 });
});

test('in a copy too: Apollo’s server makes one of each context', async () => {
  const context = newContext();
  const copy = Object.assign(Object.create(Object.getPrototypeOf(context)), context) as typeof context;
  expect(copy.loaders).toBe(context.loaders);
  await copy.command('partyLeave', {}, async () => {});
  expect(copy.loaders).toEqual({ made: 2 });
});
