import {
  type DocumentNode,
  type FieldNode,
  type GraphQLFieldResolver,
  type GraphQLNamedType,
  type GraphQLSchema,
  getIntrospectionQuery,
  getNamedType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  parse,
  SchemaMetaFieldDef,
  type SelectionSetNode,
  TypeMetaFieldDef,
} from 'graphql';
import { refuse } from '../errors.ts';
import { fragmentsOf, operationsOf } from './measure.ts';
import { rootFields } from './roots.ts';

/** Times what tools ask for when they ask for all: some ask for a little more. */
const MOST = 1.5;

/** Refuses an operation that asks for much more of the schema than tools do. For valid documents. */
export type EnforceIntrospection = (document: DocumentNode, definition: OperationDefinitionNode) => void;

/**
 * An answer about the schema grows with the schema, and by what is written: `fields` of the type of each of the
 * `fields` of each of the `types`, under ten aliases, are six times the whole schema, and were half a second's work. So it is measured by the schema itself,
 * and against what tools ask of the same one.
 */
export function createIntrospectionLimit(schema: GraphQLSchema): EnforceIntrospection {
  const usual = parse(getIntrospectionQuery({ inputValueDeprecation: true, specifiedByUrl: true }));
  const [whole] = operationsOf(usual);
  const most = whole ? MOST * fieldsOfAnswer(schema, usual, whole, Number.POSITIVE_INFINITY) : 0;
  return (document, definition) => {
    if (fieldsOfAnswer(schema, document, definition, most) <= most) return;
    refuse('OPERATION_TOO_COMPLEX', 'The operation asks for more than the whole schema');
  };
}

/** How many fields about the schema the answer has, with conditions unmet ones too; or some number above `limit`. */
export function fieldsOfAnswer(
  schema: GraphQLSchema,
  document: DocumentNode,
  definition: OperationDefinitionNode,
  limit: number,
): number {
  const fragments = fragmentsOf(document);
  const info = { schema } as Parameters<GraphQLFieldResolver<unknown, unknown>>[3];
  let count = 0;

  function visit(set: SelectionSetNode, type: GraphQLNamedType, value: unknown): void {
    for (const selection of set.selections) {
      if (count > limit) return;
      if (selection.kind === Kind.FIELD) visitField(selection, type, value);
      else if (selection.kind === Kind.INLINE_FRAGMENT) visit(selection.selectionSet, type, value);
      else {
        const fragment = fragments.get(selection.name.value);
        if (fragment) visit(fragment.selectionSet, type, value);
      }
    }
  }

  function visitField({ name, selectionSet }: FieldNode, type: GraphQLNamedType, source: unknown): void {
    count += 1;
    const field = isObjectType(type) ? type.getFields()[name.value] : undefined;
    if (!field?.resolve || !selectionSet) return;
    visitAll(
      selectionSet,
      getNamedType(field.type),
      field.resolve(source, { includeDeprecated: true }, {}, info),
    );
  }

  function visitAll(set: SelectionSetNode, type: GraphQLNamedType, value: unknown): void {
    for (const each of Array.isArray(value) ? value : [value]) if (each) visit(set, type, each);
  }

  for (const field of rootFields(document, definition)) {
    const meta = [SchemaMetaFieldDef, TypeMetaFieldDef].find(({ name }) => name === field.name.value);
    if (!meta || !field.selectionSet) continue;
    const value = meta === SchemaMetaFieldDef ? schema : namedType(schema, field);
    visitAll(field.selectionSet, getNamedType(meta.type), value);
  }
  return count;
}

/** The type that `__type` names, or the largest where a variable does. */
function namedType(schema: GraphQLSchema, field: FieldNode): GraphQLNamedType | undefined {
  const name = field.arguments?.find((each) => each.name.value === 'name')?.value;
  if (name?.kind === Kind.STRING) return schema.getType(name.value);
  const size = (type: GraphQLNamedType) => ('getFields' in type ? Object.keys(type.getFields()).length : 0);
  return Object.values(schema.getTypeMap()).reduce((most, type) => (size(type) > size(most) ? type : most));
}
