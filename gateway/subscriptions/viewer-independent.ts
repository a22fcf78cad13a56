import { type GraphQLSchema, Kind, parse, TypeInfo, visit, visitWithTypeInfo } from 'graphql';
import type { Operation } from '../operations.ts';
import type { Supergraph } from '../supergraph.ts';

/** Marks a field, or all of a type's: schema/common.graphql says what it promises. */
const DIRECTIVE = 'viewerIndependent';

/**
 * Which operations give the same to everyone who may read what they select: those that select marked fields alone,
 * from the root down, fragments included.
 */
export function viewerIndependence({ sdl, apiSchema }: Pick<Supergraph, 'sdl' | 'apiSchema'>) {
  const marked = markedFields(sdl);
  const known = new WeakMap<Operation, boolean>();

  return (operation: Operation): boolean => {
    const found = known.get(operation) ?? selectsOnly(marked, apiSchema, operation);
    known.set(operation, found);
    return found;
  };
}

/** The coordinates (`GuildEvent.cursor`) of the marked fields. */
export function markedFields(sdl: string): ReadonlySet<string> {
  const marked = new Set<string>();
  for (const type of parse(sdl).definitions) {
    if (type.kind !== Kind.OBJECT_TYPE_DEFINITION && type.kind !== Kind.INTERFACE_TYPE_DEFINITION) continue;
    for (const field of type.fields ?? []) {
      const directives = [...(type.directives ?? []), ...(field.directives ?? [])];
      if (directives.some(({ name }) => name.value === DIRECTIVE)) {
        marked.add(`${type.name.value}.${field.name.value}`);
      }
    }
  }
  return marked;
}

/** Of a document with several operations, all count: they are sent together seldom, and it errs towards no. */
function selectsOnly(marked: ReadonlySet<string>, schema: GraphQLSchema, { document }: Operation): boolean {
  const types = new TypeInfo(schema);
  let only = true;
  visit(
    document,
    visitWithTypeInfo(types, {
      Field({ name }) {
        if (name.value !== '__typename' && !marked.has(`${types.getParentType()}.${name.value}`))
          only = false;
      },
    }),
  );
  return only;
}
