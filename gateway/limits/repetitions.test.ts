import { parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import { repetitionsOf } from './repetitions.ts';

const pairs = (source: string, most = 1_000, selections = 1_000) =>
  repetitionsOf(parse(source), most, selections);

describe('repetitions are pairs', () => {
  it.each([
    ['of no field', '{ a b { a } }', 0],
    ['of one name', '{ a a a }', 3],
    ['of an alias and a name', '{ a: b a }', 1],
    ['not of one field under two names', '{ a: b c: b }', 0],
    ['within inline fragments too', '{ ... { a } ... on Q { a ... { a } } }', 3],
    ['of what has fields, and of these together', '{ a { b } a { b c } a { c } }', 3 + 1 + 1],
    ['of fragments, and of what they select', '{ ...A ...B } fragment A on Q { a } fragment B on Q { a }', 2],
    ['of one fragment, whose fields are the same', '{ a { ...A } a { ...A } } fragment A on Q { b c }', 2],
    ['at one place, not at two', '{ a { ...A } b { ...A } } fragment A on Q { b c }', 0],
    ['of all operations', 'query A { a a } query B { a a }', 2],
    ['of fragments that nobody uses', '{ a } fragment F on Q { a a }', 1],
  ])('%s', (_, source, count) => {
    expect(pairs(source)).toBe(count);
  });

  it('and no more is counted than is allowed', () => {
    const count = pairs(`{ ${'a '.repeat(10_000)} }`, 100, 20_000);
    expect(count).toBeGreaterThan(100);
    expect(count).toBeLessThan(200);
  });

  it('which end where fragments go in a circle', () => {
    expect(pairs('{ ...A } fragment A on Q { a { ...B } } fragment B on Q { b { ...A ...C } ...B }')).toBe(2);
    const all = Array.from({ length: 12 }, (_, nth) => nth);
    const spreads = all.map((nth) => `f${nth} { ...F${nth} }`).join(' ');
    const circles = all.map((nth) => `fragment F${nth} on Q { ${spreads} }`).join(' ');
    expect(pairs(`{ ...F0 } ${circles}`)).toBe(Number.POSITIVE_INFINITY);
  });
});
