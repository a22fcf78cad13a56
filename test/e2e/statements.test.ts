import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Client, connect } from '@fellowship/client';
import { createGateway, createLocalSource, type Gateway } from '@fellowship/gateway';
import { createSubgraph as createGroup } from '@fellowship/group';
import { createSubgraph as createGuild } from '@fellowship/guild';
import {
  createClientTokens,
  DEMO_COMMUNITY_ID,
  DEV_AUDIENCE,
  DEV_ISSUER,
  issueDevToken,
  loadOrCreateDevKeys,
} from '@fellowship/identity';
import { createSubgraph as createParty } from '@fellowship/party';
import { createLog } from '@fellowship/server';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { TestDatabase } from '../kit/database.ts';
import { createGraphDatabase } from '../kit/graph-database.ts';

// The whole graph in this process, so that every SQL statement passes by.
let database: TestDatabase;
let gateway: Gateway;
let stop: () => Promise<void>;
let client: (name: string) => Promise<Client>;
let statements: string[] = [];

beforeAll(async () => {
  database = await createGraphDatabase();
  const log = createLog({ name: 'test', level: 'silent' });
  const deps = {
    url: database.url,
    migrationUrl: database.url,
    log,
    onStatement: (text: string) => statements.push(text),
    slowReads: 60_000,
  };
  const subgraphs = [await createParty(deps), await createGuild(deps), await createGroup(deps)] as const;
  const [party, guild, group] = subgraphs;
  const state = await mkdtemp(join(tmpdir(), 'fellowship-statements-'));
  const keys = await loadOrCreateDevKeys(state, undefined);
  gateway = await createGateway({
    supergraph: await readFile(join(import.meta.dirname, '../../schema/supergraph.graphql'), 'utf8'),
    sources: {
      party: createLocalSource(party),
      guild: createLocalSource(guild),
      group: createLocalSource(group),
    },
    clientTokens: createClientTokens({ keys, issuer: DEV_ISSUER, audience: DEV_AUDIENCE }),
    introspection: false,
    log,
  });
  const { url } = await gateway.listen({ host: '127.0.0.1', port: 0, fallback: false });
  client = async (name) => connect(url, await issueDevToken(keys, { name }, new Date()));
  stop = async () => {
    await gateway.close();
    await Promise.all(subgraphs.map((subgraph) => subgraph.close()));
    await rm(state, { recursive: true });
    await database.drop();
  };
});
afterAll(() => stop?.());

/** Without setting tenants and what the driver asks for itself, once a connection. */
const counted = () => statements.filter((text) => !/set_config|pg_catalog\.pg_type/.test(text)).length;

const wholeGraph = `{ me { party { members { role player {
  guildMemberships(first: 5) { nodes { guild { name } rank { name } } }
  groups(first: 5) { nodes { name } }
} } } } }`;

/** A party whose members are each in two guilds and two groups, and how many statements it takes to read. */
async function statementsFor(members: number): Promise<number> {
  const players = await Promise.all(
    Array.from({ length: members }, (_, index) => client(`${members}-${index}`)),
  );
  const [leader, ...others] = players;
  if (!leader) throw new Error('a party has a leader');
  const { party } = await leader.mutate('partyCreate', { joinPolicy: 'OPEN' }, 'party { id }');
  for (const other of others) await other.mutate('partyJoin', { partyId: party.id }, 'party { id }');
  const { organization } = await leader.mutate('organizationCreate', { name: 'Hall' }, 'organization { id }');
  for (const name of ['first', 'second']) {
    const founded = { communityId: DEMO_COMMUNITY_ID, name: `${name} ${members}` };
    const { guild } = await leader.mutate('guildCreate', founded, 'guild { id }');
    const { invite } = await leader.mutate('guildInviteCreate', { guildId: guild.id }, 'invite { code }');
    const created = await leader.mutate(
      'groupCreate',
      { organizationId: organization.id, name },
      'group { inviteCode }',
    );
    for (const player of players)
      await player.mutate('groupJoin', { code: created.group.inviteCode }, 'group { id }');
    for (const other of others)
      await other.mutate('guildInviteAccept', { code: invite.code }, 'guild { id }');
  }
  statements = [];
  const { me } = await leader.run(wholeGraph);
  for (const { player } of me.party.members) {
    expect(player.guildMemberships.nodes).toHaveLength(2);
    expect(player.groups.nodes).toHaveLength(2);
  }
  return counted();
}

test('one query over three subgraphs costs the same statements, however many members', async () => {
  const [two, five] = [await statementsFor(2), await statementsFor(5)];
  expect(five).toBe(two);
  expect(five).toBe(4);
});
