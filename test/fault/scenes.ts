import { connect, type Data } from '@fellowship/client';
import { DEMO_COMMUNITY_ID, type DevKeys, issueDevToken, playerIdOf } from '@fellowship/identity';
import type { SubgraphName } from '@fellowship/server';
import type postgres from 'postgres';
import type { Mutation } from './mutate.ts';
import type { Sent } from './proof.ts';

/** A log that subscribers follow. */
export interface FollowedLog {
  readonly name: string;
  readonly service: SubgraphName;
  /** The Postgres schema and the subject, to read what was committed. */
  readonly schema: string;
  readonly subject: string;
  readonly token: string;
  readonly subscription: string;
  readonly variables: object;
  /** Where subscribers begin: a cursor, and how many events came before it. All others are to be delivered. */
  readonly after: string;
  readonly before: number;
}

/** Somewhere to write to, in any order and by many at a time; each mutation leaves a marker behind, a number. */
export interface Scene {
  readonly name: string;
  /** What was sent, and how it went. */
  readonly sent: Sent[];
  write(marker: string): Mutation;
  /** One that would leave its marker if a rule did not refuse it. */
  refused(marker: string): Mutation;
  /** How often each marker was left. */
  effects(sql: postgres.Sql): Promise<Map<string, number>>;
}

/** Something that one writer does again and again, each time from where the last one left it: one event in `log`. */
export interface Routine {
  readonly log: FollowedLog;
  next(nth: number, last: Data): Mutation;
}

export interface Stage {
  readonly party: Scene & { readonly id: string };
  readonly bank: Scene & { readonly id: string };
  readonly group: Scene;
  /** Where services report loot. */
  readonly lootPartyId: string;
  readonly scenes: readonly Scene[];
  readonly routines: readonly Routine[];
  readonly logs: readonly FollowedLog[];
}

/** More than any mutation moves, so that the bank never runs dry. */
const savings = 10n ** 15n;
const hourMs = 3_600_000;

/** Makes parties, a guild with a bank, an organization with a group, and the players in them. */
export async function setStage(url: string, keys: DevKeys): Promise<Stage> {
  const tokenOf = (name: string) => issueDevToken(keys, { name }, new Date());
  const [ada, bea, cy, stranger] = await Promise.all(['Ada', 'Bea', 'Cy', 'Zed'].map(tokenOf));
  if (!ada || !bea || !cy || !stranger) throw new Error('There are no tokens');
  const [leader, invited] = [connect(url, ada), connect(url, cy)];

  const { party } = await leader.mutate('partyCreate', {}, 'party { id }');
  const { party: other } = await connect(url, bea).mutate('partyCreate', {}, 'party { id }');
  const communityId = DEMO_COMMUNITY_ID;
  const { guild } = await leader.mutate('guildCreate', { communityId, name: 'Faults' }, 'guild { id }');
  const { invite } = await leader.mutate('guildInviteCreate', { guildId: guild.id }, 'invite { code }');
  await invited.mutate('guildInviteAccept', { code: invite.code }, 'guild { id }');
  const capital = { guildId: guild.id, currency: String(savings) };
  await leader.mutate('guildBankDeposit', capital, 'entry { balance }');
  const { organization } = await leader.mutate(
    'organizationCreate',
    { name: 'Faults' },
    'organization { id }',
  );
  const ofGroup = { organizationId: organization.id, name: 'Faults' };
  const { group } = await leader.mutate('groupCreate', ofGroup, 'group { id }');

  const scenes = {
    party: partyScene(party.id, ada, stranger),
    bank: bankScene(guild.id, ada),
    group: groupScene(organization.id, group.id, ada, stranger),
  };
  const activity = async (service: SubgraphName, schema: string, kind: string, id: string, token: string) => {
    const query = `query ($id: ID!) { of: ${kind}(id: $id) { activity(first: 100) { nodes { cursor } } } }`;
    const { of } = await connect(url, token).run(query, { id });
    const after: string = of.activity.nodes[0].cursor;
    const before: number = of.activity.nodes.length;
    const subscription = `subscription ($id: ID!, $after: String) {
      event: ${kind}Activity(${kind}Id: $id, after: $after) { id cursor } }`;
    const name = `${kind} ${id.slice(-4)}`;
    const subject = `${kind}:${id}`;
    return { name, service, schema, subject, token, subscription, variables: { id }, after, before };
  };
  const partyInbox = inboxOf('party', cy);
  const guildInbox = inboxOf('guild', cy);
  const guildRoutine: Routine = {
    log: guildInbox,
    next: (nth) => ({
      token: ada,
      name: nth % 2 === 0 ? 'guildMemberPromote' : 'guildMemberDemote',
      input: { guildId: guild.id, playerId: playerIdOf('Cy') },
    }),
  };
  const partyRoutine: Routine = {
    log: partyInbox,
    next: (nth, last) =>
      nth % 2 === 0
        ? {
            token: bea,
            name: 'partyInvite',
            input: { partyId: other.id, playerId: playerIdOf('Cy') },
            payload: 'invite { id }',
          }
        : { token: cy, name: 'partyInviteDecline', input: { inviteId: last.invite.id } },
  };
  return {
    ...scenes,
    lootPartyId: other.id,
    scenes: Object.values(scenes),
    routines: [partyRoutine, guildRoutine],
    logs: [
      await activity('party', 'party', 'party', party.id, ada),
      await activity('party', 'party', 'party', other.id, bea),
      await activity('guild', 'guild', 'guild', guild.id, ada),
      await activity('group', 'social_group', 'group', group.id, ada),
      partyInbox,
      guildInbox,
    ],
  };
}

/** Cy's, from its beginning: the cursor is made here as subgraphs make them, since no event has one yet. */
function inboxOf(service: 'party' | 'guild', token: string): FollowedLog {
  const subject = `player:${playerIdOf('Cy')}`;
  return {
    name: `${service} inbox`,
    service,
    schema: service,
    subject,
    token,
    subscription: `subscription ($after: String) { event: ${service}Inbox(after: $after) { id cursor } }`,
    variables: {},
    after: Buffer.from(`${subject} 0`).toString('base64url'),
    before: 0,
  };
}

function partyScene(id: string, token: string, stranger: string): Scene & { readonly id: string } {
  const post = (by: string) => (marker: string) => ({
    token: by,
    name: 'partyMessagePost',
    input: { partyId: id, body: marker },
  });
  return {
    name: 'party chat',
    id,
    sent: [],
    write: post(token),
    refused: post(stranger),
    effects: (sql) =>
      counted(
        sql`select body as marker, count(*)::int from party.messages where party_id = ${id} group by 1`,
      ),
  };
}

/** Deposits and withdrawals of amounts that are their markers. */
function bankScene(id: string, token: string): Scene & { readonly id: string } {
  const move = (name: string, amount: bigint) => ({
    token,
    name,
    input: { guildId: id, currency: String(amount) },
  });
  return {
    name: 'guild bank',
    id,
    sent: [],
    write: (marker) => move(Number(marker) % 2 ? 'guildBankDeposit' : 'guildBankWithdraw', BigInt(marker)),
    refused: (marker) => move('guildBankWithdraw', savings * 1_000n + BigInt(marker)),
    effects: (sql) =>
      counted(sql`select mod(abs(amount), ${String(savings)}::numeric)::text as marker, count(*)::int
        from guild.bank_ledger where guild_id = ${id} and sequence > 1 group by 1`),
  };
}

function groupScene(organizationId: string, groupId: string, token: string, stranger: string): Scene {
  const startsAt = new Date(Date.now() + 24 * hourMs).toISOString();
  const endsAt = new Date(Date.now() + 25 * hourMs).toISOString();
  const when = { startsAt, endsAt, timeZone: 'Europe/Berlin' };
  const plan = (by: string) => (marker: string) => ({
    token: by,
    name: 'organizationEventCreate',
    input: { organizationId, name: marker, groupIds: [groupId], ...when },
  });
  return {
    name: 'group events',
    sent: [],
    write: plan(token),
    refused: plan(stranger),
    effects: (sql) =>
      counted(sql`select name as marker, count(*)::int from social_group.organization_events
        where organization_id = ${organizationId} group by 1`),
  };
}

async function counted(rows: Promise<readonly postgres.Row[]>): Promise<Map<string, number>> {
  return new Map((await rows).map(({ marker, count }) => [String(marker), Number(count)]));
}
