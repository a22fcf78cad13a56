import fc from 'fast-check';
import { parse } from 'postgres-array';
import { expect, test } from 'vitest';
import { arrayText } from './array-text.ts';

const text = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.uuid(),
  fc.constantFrom('', 'null', 'NULL', '{}', '{a,b}', '"', '\\', ' a ', ',', '-', '00'),
);

test('texts come back as they went', () => {
  fc.assert(
    fc.property(fc.array(fc.option(text)), (values) => {
      expect(parse(arrayText(values))).toEqual(values);
    }),
  );
});

test('and within the texts of arrays', () => {
  fc.assert(
    fc.property(fc.array(fc.array(text)), (values) => {
      const outer = parse(arrayText(values.map(arrayText))) as string[];
      expect(outer.map((inner) => parse(inner))).toEqual(values);
    }),
  );
});

test('ids have no quotes, numbers and booleans are as they are, an array in an array is one', () => {
  const id = '0000000a-0000-4000-8000-00000000000f';
  expect(arrayText([id, id])).toBe(`{${id},${id}}`);
  expect(arrayText([1, 2n, true, null])).toBe('{1,2,true,NULL}');
  expect(arrayText([['a'], ['x y']])).toBe('{{a},{"x y"}}');
});
