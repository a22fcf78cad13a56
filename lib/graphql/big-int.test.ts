import fc from 'fast-check';
import { parseValue } from 'graphql';
import { expect, test } from 'vitest';
import { GraphQLBigInt } from './big-int.ts';

test('is a string of digits both ways, whatever the size', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: -(10n ** 99n), max: 10n ** 99n }), (value) => {
      const text = GraphQLBigInt.serialize(value);
      expect(text).toBe(String(value));
      expect(GraphQLBigInt.parseValue(text)).toBe(value);
      expect(GraphQLBigInt.parseLiteral(parseValue(`"${text}"`))).toBe(value);
      expect(GraphQLBigInt.parseLiteral(parseValue(text))).toBe(value);
    }),
  );
});

test('takes a number while it is exact', () => {
  expect(GraphQLBigInt.parseValue(Number.MAX_SAFE_INTEGER)).toBe(9_007_199_254_740_991n);
  expect(GraphQLBigInt.parseValue(-1)).toBe(-1n);
});

test.each([
  '',
  ' 1',
  '1 ',
  '01',
  '-0',
  '+1',
  '1.0',
  '1e3',
  '0x1',
  '٣',
  '1_000',
  '9'.repeat(101),
  1.5,
  2 ** 53,
  NaN,
  null,
  {},
  [],
  true,
])('%j is none', (value) => {
  const refused = expect.objectContaining({ extensions: { code: 'BAD_USER_INPUT' } });
  expect(() => GraphQLBigInt.parseValue(value)).toThrow(refused);
});

test.each(['1.5', 'true', 'null', '[1]', 'ONE', '"1,000"'])('nor is the literal %s', (source) => {
  expect(() => GraphQLBigInt.parseLiteral(parseValue(source))).toThrow('whole number');
});

test('what is no bigint is not passed off as one', () => {
  expect(() => GraphQLBigInt.serialize(1)).toThrow('bigint');
});
