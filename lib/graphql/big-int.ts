import { GraphQLError, GraphQLScalarType, Kind, type ValueNode } from 'graphql';

/** Enough for any amount, and few enough that reading one costs nothing. */
const mostDigits = 100;
const shape = new RegExp(`^-?(0|[1-9]\\d{0,${mostDigits - 1}})$`);

const refuse = () =>
  new GraphQLError(`A BigInt is a whole number of up to ${mostDigits} digits, as a string`, {
    extensions: { code: 'BAD_USER_INPUT' },
  });

/**
 * Whole numbers of any size, as strings of decimal digits: JSON's numbers are exact up to 2^53 only. Input may
 * be a number where JavaScript is sure of it. How large one may be is for the field that takes it to say.
 */
export const GraphQLBigInt = new GraphQLScalarType<bigint, string>({
  name: 'BigInt',
  serialize(value) {
    if (typeof value !== 'bigint') throw new TypeError('A BigInt field holds a bigint');
    return String(value);
  },
  parseValue(value) {
    if (typeof value === 'bigint') return value;
    if (typeof value === 'number' && Number.isSafeInteger(value)) return BigInt(value);
    if (typeof value === 'string' && shape.test(value) && value !== '-0') return BigInt(value);
    throw refuse();
  },
  parseLiteral(node: ValueNode) {
    const isNumber = node.kind === Kind.STRING || node.kind === Kind.INT;
    if (isNumber && shape.test(node.value) && node.value !== '-0') return BigInt(node.value);
    throw refuse();
  },
});
