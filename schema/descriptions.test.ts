import { buildSchema } from 'graphql';
import { expect, test } from 'vitest';
import { findUndescribed } from './descriptions.ts';

test('names every element without a description, by its coordinate', () => {
  const schema = buildSchema(`
    type Query { party(id: ID!): Party }
    interface Node { id: ID! }
    type Party { "" role: Role }
    enum Role { TANK }
    input PartyInput { name: String }
    scalar DateTime
    union Member = Party
  `);
  expect(findUndescribed(schema).sort()).toEqual([
    'DateTime',
    'Member',
    'Node',
    'Node.id',
    'Party',
    'Party.role',
    'PartyInput',
    'PartyInput.name',
    'Query',
    'Query.party',
    'Query.party(id:)',
    'Role',
    'Role.TANK',
  ]);
});

test('is content with a schema where all is described', () => {
  const schema = buildSchema(`
    "Reads."
    type Query {
      "One party."
      party("Its id." id: ID!): Role
    }
    "What a member does."
    enum Role { "Takes the blows." TANK }
  `);
  expect(findUndescribed(schema)).toEqual([]);
});
