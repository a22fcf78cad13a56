import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildSchema, isNonNullType, isObjectType } from 'graphql';
import { expect, test } from 'vitest';

const sdl = readFileSync(join(import.meta.dirname, 'api.graphql'), 'utf8');

/** A null where there must be none takes its parent along: the whole reply, in the end. */
test('a service that is away nulls its own fields: what it adds to roots and to Player may be null', () => {
  const schema = buildSchema(sdl);
  const strict = ['Query', 'Mutation', 'Player'].flatMap((name) => {
    const type = schema.getType(name);
    if (!isObjectType(type)) throw new Error(`There is no type ${name}`);
    const fields = Object.values(type.getFields()).filter((field) => isNonNullType(field.type));
    return fields.map((field) => `${name}.${field.name}`);
  });
  expect(strict).toEqual(['Player.id']);
});
