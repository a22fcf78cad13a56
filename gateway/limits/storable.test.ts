import { parse } from 'graphql';
import { expect, it } from 'vitest';
import { checkLiterals, checkVariables } from './storable.ts';

const NUL = 'Strings must not contain the character U+0000';

it.each([['a\0'], [{ a: [{ b: 'x\0y' }] }], [[['\0']]], [{ 'key\0': 1 }]])(
  'refuses U+0000 in variables: %j',
  (value) => {
    expect(() => checkVariables({ value })).toThrow(NUL);
  },
);

// In literals graphql's own parser refuses it.
it('refuses half a character in variables', () => {
  expect(() => checkVariables({ value: ['x\ud800'] })).toThrow('Strings must be well-formed Unicode');
});

it('lets other variables through', () => {
  const variables = { a: 'text \n\t\u{1F600}', b: [1, null, true, { c: [] }], d: '\\u0000' };
  expect(() => checkVariables(variables)).not.toThrow();
});

it('refuses variables that nest too deep for recursion, without recursion', () => {
  let value: unknown = 'x';
  for (let i = 0; i < 100_000; i++) value = [value];
  expect(() => checkVariables({ value })).toThrow('The variables nest too deep');
});

it.each(['{ a(b: "x\\u0000") }', '{ a(b: { c: ["\\u{0}"] }) }', 'query ($a: String = "\\u0000") { a }'])(
  'refuses U+0000 in literals: %s',
  (source) => {
    expect(() => checkLiterals(parse(source))).toThrow(NUL);
  },
);
