import { expect, test, vi } from 'vitest';
import { defineLoaders, type Makers } from './loaders.ts';

interface Scope {
  readonly viewer: string;
}

interface Primed {
  readonly seen: string[];
}

function counted() {
  const makers = {
    seen: vi.fn(({ viewer }: Scope) => [viewer]),
    see: vi.fn(({ viewer }: Scope, loaders: Primed) => {
      return (what: string) => loaders.seen.push(`${viewer} saw ${what}`);
    }),
  } satisfies Makers<Scope, Primed>;
  return { makers, loadersOf: defineLoaders<Scope, typeof makers>(makers) };
}

test('nothing is made until it is asked for, and then once, of the scope', () => {
  const { makers, loadersOf } = counted();
  const scope = { viewer: 'ann' };
  const loaders = loadersOf(scope);
  expect(makers.seen).not.toHaveBeenCalled();
  const { seen } = loaders;
  expect(loaders.seen).toBe(seen);
  expect(makers.seen.mock.calls).toEqual([[scope, loaders]]);
  expect(makers.see).not.toHaveBeenCalled();
});

test('a loader reaches the others of its own request', () => {
  const loaders = counted().loadersOf({ viewer: 'ann' });
  loaders.see('a guild');
  expect(loaders.seen).toEqual(['ann', 'ann saw a guild']);
});

test('two requests share nothing', () => {
  const { makers, loadersOf } = counted();
  const [anns, bobs] = [loadersOf({ viewer: 'ann' }), loadersOf({ viewer: 'bob' })];
  anns.see('a guild');
  expect(anns.seen).toEqual(['ann', 'ann saw a guild']);
  expect(bobs.seen).toEqual(['bob']);
  expect(makers.see).toHaveBeenCalledTimes(1);
});

test('no name is special', () => {
  const makers = {
    constructor: ({ viewer }: Scope) => [viewer, 'constructor'],
    toString: ({ viewer }: Scope) => [viewer, 'toString'],
  } satisfies Makers<Scope>;
  const loaders = defineLoaders<Scope, typeof makers>(makers)({ viewer: 'ann' });
  expect(loaders.constructor).toEqual(['ann', 'constructor']);
  expect(loaders.toString).toEqual(['ann', 'toString']);
});

test('a maker that throws is asked anew', () => {
  const make = vi.fn<() => string>().mockImplementationOnce(() => {
    throw new Error('not yet');
  });
  make.mockReturnValue('made');
  const loaders = defineLoaders<null, { made: () => string }>({ made: make })(null);
  expect(() => loaders.made).toThrow('not yet');
  expect(loaders.made).toBe('made');
});
