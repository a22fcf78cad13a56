import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { getOperationAST, isInterfaceType, parse, validate } from 'graphql';
import { describe, expect, it } from 'vitest';
import type { Operation } from '../operations.ts';
import { parseSupergraph } from '../supergraph.ts';
import { markedFields, viewerIndependence } from './viewer-independent.ts';

const supergraph = parseSupergraph(
  readFileSync(join(import.meta.dirname, '../../schema/supergraph.graphql'), 'utf8'),
);
const independent = viewerIndependence(supergraph);

function isIndependent(source: string): boolean {
  const document = parse(source);
  expect(validate(supergraph.apiSchema, document)).toEqual([]);
  return independent({ document, definition: getOperationAST(document) } as Operation);
}

const guild = (selection: string) => `subscription { guildActivity(guildId: "1") { ${selection} } }`;

describe('an operation depends on nobody', () => {
  it.each([
    ['what every event has', guild('__typename id cursor occurredAt actor { id } guild { id name }')],
    ['fields of one event', guild('cursor ... on GuildMemberJoined { player { id } rank { name level } }')],
    [
      'fragments',
      `${guild('...Event')} fragment Event on GuildEvent { cursor guild { ...Name } } fragment Name on Guild { name }`,
    ],
    [
      'a message of a channel',
      `subscription ($c: GuildChannel!) { guildMessages(guildId: "1", channel: $c) {
        cursor ... on GuildMessagePosted { message { body author { id } } } } }`,
    ],
    [
      'a message of a party',
      'subscription { partyActivity(partyId: "1") { cursor ... on PartyMessagePosted { message { body } } } }',
    ],
    [
      'a group',
      'subscription { groupActivity(groupId: "1") { cursor ... on GroupMemberAdded { group { name } } } }',
    ],
  ])('with %s', (_, source) => {
    expect(isIndependent(source)).toBe(true);
  });

  it.each([
    ['a field of another subgraph', guild('cursor actor { id party { id } }')],
    ['what a rank may see', guild('cursor ... on GuildInviteCreated { invite { code } }')],
    ['the viewer’s own', guild('cursor guild { viewerPermissions { key } }')],
    [
      'it in a fragment',
      `${guild('cursor ...Event')} fragment Event on GuildEvent { guild { members { nodes { note } } } }`,
    ],
    ['an inbox', 'subscription { guildInbox { cursor } }'],
    ['another inbox', 'subscription { partyInbox { cursor } }'],
    [
      'a log that is another for moderators',
      'subscription { organizationActivity(organizationId: "1") { cursor } }',
    ],
    ['who did it in a group', 'subscription { groupActivity(groupId: "1") { cursor actor { id } } }'],
  ])('but not with %s', (_, source) => {
    expect(isIndependent(source)).toBe(false);
  });

  it('holds for every type that has a marked field of an interface', () => {
    const marked = markedFields(supergraph.sdl);
    const schema = supergraph.apiSchema;
    for (const type of Object.values(schema.getTypeMap()).filter(isInterfaceType)) {
      for (const field of Object.keys(type.getFields()).filter((name) => marked.has(`${type}.${name}`))) {
        for (const each of schema.getPossibleTypes(type)) expect(marked).toContain(`${each}.${field}`);
      }
    }
  });
});
