import { type Client, connect, type Data } from '@fellowship/client';
import { DEMO_COMMUNITY_ID, type DevKeys, issueDevToken, playerIdOf } from '@fellowship/identity';

/** One activity log that writers write to and subscribers follow. */
export interface FollowedLog {
  readonly name: string;
  /** The Postgres schema and the subject, to read what was committed. */
  readonly schema: string;
  readonly subject: string;
  readonly token: string;
  readonly subscription: string;
  readonly id: string;
  /** Where subscribers begin: everything after it is to be delivered. */
  readonly after: string;
  /** The `nth` mutation: its name and input, and whether it is one event whatever was before. */
  mutation(nth: number): { readonly name: string; readonly input: object };
  readonly eventAMutation: boolean;
}

/** Makes two parties, a guild and a group. */
export async function createLogs(url: string, keys: DevKeys): Promise<FollowedLog[]> {
  const tokenOf = (name: string) => issueDevToken(keys, { name }, new Date());
  const [ada, bea] = [await tokenOf('Ada'), await tokenOf('Bea')];
  return [
    await partyOf(url, ada, playerIdOf('Ada')),
    await partyOf(url, bea, playerIdOf('Bea')),
    await guildOf(url, ada),
    await groupOf(url, ada),
  ];
}

async function partyOf(url: string, token: string, playerId: string): Promise<FollowedLog> {
  const client = connect(url, token);
  const { party } = await client.mutate('partyCreate', {}, 'party { id }');
  const after = await firstCursor(client, 'party(id: $id)', party.id);
  return {
    ...logOf('party', 'party', party.id, token, after),
    mutation: (nth) => ({
      name: 'partyRoleSet',
      input: { partyId: party.id, playerId, role: nth % 2 ? 'TANK' : 'HEALER' },
    }),
    eventAMutation: true,
  };
}

async function guildOf(url: string, token: string): Promise<FollowedLog> {
  const client = connect(url, token);
  const input = { communityId: DEMO_COMMUNITY_ID, name: 'Faults' };
  const { guild } = await client.mutate('guildCreate', input, 'guild { id }');
  const after = await firstCursor(client, 'guild(id: $id)', guild.id);
  return {
    ...logOf('guild', 'guild', guild.id, token, after),
    mutation: (nth) => ({ name: 'guildUpdate', input: { guildId: guild.id, recruiting: nth % 2 === 0 } }),
    eventAMutation: false,
  };
}

async function groupOf(url: string, token: string): Promise<FollowedLog> {
  const client = connect(url, token);
  const { organization } = await client.mutate(
    'organizationCreate',
    { name: 'Faults' },
    'organization { id }',
  );
  const input = { organizationId: organization.id, name: 'Faults' };
  const { group } = await client.mutate('groupCreate', input, 'group { id }');
  const after = await firstCursor(client, 'group(id: $id)', group.id);
  return {
    ...logOf('social_group', 'group', group.id, token, after),
    mutation: (nth) => ({ name: 'groupUpdate', input: { groupId: group.id, description: `${nth}` } }),
    eventAMutation: false,
  };
}

function logOf(schema: string, kind: string, id: string, token: string, after: string) {
  const subscription = `subscription ($id: ID!, $after: String) {
    event: ${kind}Activity(${kind}Id: $id, after: $after) { id cursor }
  }`;
  return {
    name: `${kind} ${id.slice(-4)}`,
    schema,
    subject: `${kind}:${id}`,
    id,
    token,
    subscription,
    after,
  };
}

async function firstCursor(client: Client, field: string, id: string): Promise<string> {
  const query = `query ($id: ID!) { of: ${field} { activity(first: 100) { nodes { cursor } } } }`;
  const { of }: Data = await client.run(query, { id });
  return of.activity.nodes.at(-1).cursor;
}
