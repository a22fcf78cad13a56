import { getIntrospectionQuery, parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import { computing } from '../../test/kit/computing.ts';
import { Refused } from '../errors.ts';
import { enforceLimits } from './enforce.ts';
import { DEFAULT_LIMITS } from './limits.ts';
import { measure } from './measure.ts';

/** The code that the document is refused with, or undefined. */
function refusalOf(source: string): unknown {
  try {
    enforceLimits(parse(source), DEFAULT_LIMITS);
    return undefined;
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    return error.errors[0]?.extensions['code'];
  }
}

const nested = (depth: number) => `${'{ a '.repeat(depth)}${'}'.repeat(depth)}`;
const repeated = (count: number, part: (index: number) => string) =>
  Array.from({ length: count }, (_, i) => part(i)).join(' ');

describe('limits', () => {
  it('let the introspection query of GraphiQL through, deprecations and all', () => {
    const query = getIntrospectionQuery({
      descriptions: true,
      specifiedByUrl: true,
      directiveIsRepeatable: true,
      schemaDescription: true,
      inputValueDeprecation: true,
      oneOf: true,
    });
    expect(measure(parse(query)).depth).toBe(1);
    expect(refusalOf(query)).toBeUndefined();
  });

  it.each([
    ['depth', nested(15), nested(16), 'OPERATION_TOO_DEEP'],
    [
      'aliases',
      `{ a { ${repeated(20, (i) => `b${i}: b`)} } }`,
      `{ a { ${repeated(21, (i) => `b${i}: __typename`)} } }`,
      'TOO_MANY_ALIASES',
    ],
    [
      'root fields',
      `{ ${repeated(10, (i) => `a${i}`)} }`,
      `{ ${repeated(11, (i) => `a${i}`)} }`,
      'TOO_MANY_ROOT_FIELDS',
    ],
    [
      'directives',
      `{ a ${repeated(20, () => '@b')} }`,
      `query @b { a ${repeated(20, () => '@b')} }`,
      'TOO_MANY_DIRECTIVES',
    ],
    [
      'repetitions',
      `{ a { ${repeated(200, () => 'b')} } }`,
      `{ a { ${repeated(201, () => 'b')} } }`,
      'TOO_MANY_REPETITIONS',
    ],
    [
      'selections',
      `{ a { ${repeated(999, (i) => `b${i}`)} } }`,
      `{ a { ${repeated(1000, (i) => `b${i}`)} } }`,
      'OPERATION_TOO_LARGE',
    ],
  ])('allow so many %s and no more', (_, most, more, code) => {
    expect(refusalOf(most)).toBeUndefined();
    expect(refusalOf(more)).toBe(code);
  });

  it('count what fragments expand to', () => {
    const half = nested(8).replace('{ a }', '{ ...B }');
    const deep = `{ ...A } fragment A on Q ${half} fragment B on Q ${nested(9)}`;
    expect(refusalOf(deep)).toBe('OPERATION_TOO_DEEP');
    const seven = repeated(7, (i) => `a${i}: a`);
    const aliases = `{ a { ...F } b { ...F } c { ...F } } fragment F on Q { ${seven} }`;
    expect(refusalOf(aliases)).toBe('TOO_MANY_ALIASES');
    const roots = `{ ...F ... { x } } fragment F on Q { ${repeated(10, (i) => `a${i}`)} }`;
    expect(refusalOf(roots)).toBe('TOO_MANY_ROOT_FIELDS');
  });

  it('are quick on fragments that nest exponentially', () => {
    const doubling = (i: number) => `fragment F${i} on Q { a { ...F${i + 1} } b { ...F${i + 1} } }`;
    const bomb = `{ ...F0 } ${repeated(200, doubling)} fragment F200 on Q { a }`;
    const flat = bomb.replaceAll(/[ab] \{ (\.\.\.F\d+) \}/g, '$1');
    const refuse = () => {
      expect(refusalOf(bomb)).toBe('OPERATION_TOO_DEEP');
      expect(refusalOf(flat)).toBe('OPERATION_TOO_LARGE');
    };
    expect(computing(refuse)).toBeLessThan(500);
  });

  it('survive cycles and unknown fragments, which validation refuses', () => {
    expect(
      refusalOf('{ ...A } fragment A on Q { a { ...B } } fragment B on Q { b { ...A } ...B }'),
    ).toBeUndefined();
    expect(refusalOf('{ ...Unknown }')).toBeUndefined();
  });

  it('hold for operations and fragments that are not used', () => {
    expect(refusalOf(`query A { a } query B ${nested(16)}`)).toBe('OPERATION_TOO_DEEP');
    expect(refusalOf(`{ a } fragment F on Q ${nested(16)}`)).toBe('OPERATION_TOO_DEEP');
  });
});
