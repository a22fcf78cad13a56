import {
  type GraphQLField,
  type GraphQLInputType,
  type GraphQLNamedType,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isCompositeType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isRequiredArgument,
  isRequiredInputField,
} from 'graphql';
import type { Random } from './random.ts';

const MAX_DEPTH = 6;

/**
 * The source of a valid operation over the schema, with aliases, repeated fields, fragments of both kinds, and
 * conditions by literals and by the variables `$yes` and `$no` (true and false) and `$maybe` (true by default).
 *
 * @param repeats whether a field may be selected several times under one name
 */
export function randomOperation(schema: GraphQLSchema, random: Random, repeats: boolean): string {
  const fragments: string[] = [];
  let names = 0;

  function selectionSet(type: GraphQLNamedType, depth: number): string {
    const selections = Array.from({ length: 1 + random.upTo(depth > 3 ? 2 : 4) }, () =>
      selection(type, depth),
    );
    return `{ ${selections.join(' ')} }`;
  }

  function selection(type: GraphQLNamedType, depth: number): string {
    if (depth <= MAX_DEPTH && random.percent(isAbstractType(type) ? 50 : 10)) return fragment(type, depth);
    const fields = 'getFields' in type ? Object.values(type.getFields()) : [];
    const possible = fields.filter(
      (field) => depth < MAX_DEPTH || !isCompositeType(getNamedType(field.type)),
    );
    if (possible.length === 0 || random.percent(10)) {
      return `${!repeats || random.percent(30) ? `t${names++}: ` : ''}__typename`;
    }
    return field(random.of(possible) as GraphQLField<unknown, unknown>, depth);
  }

  function field({ name, args, type }: GraphQLField<unknown, unknown>, depth: number): string {
    const given = args.filter((arg) => isRequiredArgument(arg));
    const written = given.map((arg) => `${arg.name}: ${literal(arg.type, random)}`).join(', ');
    // With arguments of its own it can't share a name with another.
    const alias = written || !repeats || random.percent(20) ? `a${names++}: ` : '';
    const named = getNamedType(type);
    const set = isCompositeType(named) ? selectionSet(named, depth + 1) : '';
    return `${alias}${name}${written && `(${written})`}${condition()} ${set}`;
  }

  function fragment(type: GraphQLNamedType, depth: number): string {
    const possible: readonly GraphQLNamedType[] = isAbstractType(type)
      ? [type, ...schema.getPossibleTypes(type)]
      : [type];
    const target = random.of(possible);
    const set = selectionSet(target, depth + (isAbstractType(type) && target !== type ? 0 : 1));
    if (random.percent(20)) {
      const name = `F${names++}`;
      fragments.push(`fragment ${name} on ${target.name} ${set}`);
      return `...${name}${condition()}`;
    }
    return `... ${target !== type || random.percent(70) ? `on ${target.name}` : ''}${condition()} ${set}`;
  }

  function condition(): string {
    if (!random.percent(15)) return '';
    return ` @${random.of(['skip', 'include'])}(if: ${random.of(['true', 'false', '$yes', '$no', '$maybe'])})`;
  }

  const isMutation = random.percent(10);
  const root = isMutation ? schema.getMutationType() : schema.getQueryType();
  if (!root) throw new Error('The schema has no such root');
  const set = selectionSet(root, 0);
  const variables = '($yes: Boolean!, $no: Boolean!, $maybe: Boolean! = true)';
  return `${isMutation ? 'mutation' : 'query'} ${variables} ${set} ${fragments.join(' ')}`;
}

function literal(type: GraphQLInputType, random: Random): string {
  if (isNonNullType(type)) return literal(type.ofType, random);
  if (isListType(type)) return `[${literal(type.ofType, random)}]`;
  if (isEnumType(type)) return random.of(type.getValues()).name;
  if (isInputObjectType(type)) {
    const fields = Object.values(type.getFields()).filter((each) => isRequiredInputField(each));
    const given = fields.length > 0 || !type.isOneOf ? fields : Object.values(type.getFields()).slice(0, 1);
    return `{ ${given.map((each) => `${each.name}: ${literal(each.type, random)}`).join(', ')} }`;
  }
  if (type.name === 'Int' || type.name === 'Float') return '1';
  return type.name === 'Boolean' ? 'true' : '"1"';
}
