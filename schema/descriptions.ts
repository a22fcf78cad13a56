import {
  type GraphQLNamedType,
  type GraphQLSchema,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isIntrospectionType,
  isObjectType,
  isSpecifiedScalarType,
} from 'graphql';

interface Described {
  readonly name: string;
  readonly description?: string | null | undefined;
}

/** Coordinates (`Party.members(first:)`) of every type, field, argument and enum value without a description. */
export function findUndescribed(schema: GraphQLSchema): string[] {
  return Object.values(schema.getTypeMap())
    .filter((type) => !isIntrospectionType(type) && !isSpecifiedScalarType(type))
    .flatMap((type) => [...missing([type], (name) => name), ...findInType(type)]);
}

function findInType(type: GraphQLNamedType): string[] {
  const member = (name: string) => `${type.name}.${name}`;
  if (isEnumType(type)) return missing(type.getValues(), member);
  if (isInputObjectType(type)) return missing(Object.values(type.getFields()), member);
  if (!isObjectType(type) && !isInterfaceType(type)) return [];
  return Object.values(type.getFields()).flatMap((field) => [
    ...missing([field], member),
    ...missing(field.args, (name) => `${member(field.name)}(${name}:)`),
  ]);
}

function missing(elements: readonly Described[], coordinate: (name: string) => string): string[] {
  return elements.filter(({ description }) => !description?.trim()).map(({ name }) => coordinate(name));
}
