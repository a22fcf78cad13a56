import { randomUUID } from 'node:crypto';
import { DEMO_TENANT_ID } from '@fellowship/identity';
import postgres from 'postgres';
import { type Contender, WARM_UP_SECONDS } from '../http/race.ts';
import type { Options } from '../options.ts';
import { familyOf, processorSeconds } from '../processes.ts';
import type { Figure, Round, Section } from '../report/section.ts';
import { startContender, untilReady } from '../system/contenders.ts';
import { createDatabase } from '../system/database.ts';
import { id, ORGANIZATIONS, playerIds, seedWorld } from '../system/world.ts';

interface Act {
  readonly name: string;
  /**
   * What Nakama 3.40 takes at least, in microseconds of its and its database's processor, on such a machine. None where
   * it has no such thing.
   */
  readonly nakama?: number;
  /** The bodies to send; sent once each where they are commands, else in turns. */
  bodies(): Promise<string[]>;
  readonly command?: boolean;
}

/** Clients: enough to keep the server busy, too few to make a queue. */
const CLIENTS = 8;
/** Players whose requests are sent: each in twenty guilds, and all in the first, which has two hundred members. */
const ACTORS = 100;
const GUILD = id(2, 1);
/** New ones that are joined. */
const GROUPS = 20;

/** What a game asks for all the time, in the unit that Nakama was measured in. */
export async function measure(options: Options): Promise<Section> {
  const databaseUrl = await createDatabase(options.postgresUrl, 'bench_acts');
  await seedWorld(databaseUrl);
  const sql = postgres(databaseUrl, { max: 1, onnotice: () => {} });
  const contenders: Contender[] = [];
  try {
    await seedGuilds(sql);
    for (const name of ['ours', 'before'].filter((each) => options.contenders.includes(each))) {
      const contender = await startContender(name, databaseUrl, playerIds, options);
      if (contender) contenders.push(contender);
    }
    const figures: Figure[] = [];
    for (const act of createActs(sql)) {
      const rounds: Round[] = [];
      for (const contender of contenders) await warmUp(contender, act, options);
      for (let round = 0; round < options.rounds; round += 1) {
        const measured: Record<string, number> = act.nakama ? { nakama: act.nakama } : {};
        for (const contender of contenders) {
          measured[contender.name] = await microsecondsOf(contender, act, options);
        }
        rounds.push(measured);
      }
      const compare = [
        ...(act.nakama ? [{ of: 'ours', to: 'nakama', atMost: 1 }] : []),
        { of: 'ours', to: 'before' },
      ];
      figures.push({ name: act.name, unit: 'CPU us an act', rounds, compare });
    }
    return {
      title: 'Acts beside Nakama’s published figures',
      notes: [
        `One process and its PostgreSQL, ${CLIENTS} clients. Nakama 3.40’s figures are of another machine of this kind, the lowest that were seen, its database included.`,
      ],
      figures,
    };
  } finally {
    for (const contender of contenders) await contender.stop();
    await sql.end();
  }
}

function createActs(sql: postgres.Sql): Act[] {
  const read = (name: string, nakama: number, query: string, guild = false): Act => {
    const variables = guild ? { id: GUILD } : {};
    const bodies = Array.from({ length: ACTORS }, () => JSON.stringify({ query, variables }));
    return { name, nakama, bodies: async () => bodies };
  };
  const membersOf = (first: number) =>
    `query ($id: ID!) { guild(id: $id) { members(first: ${first}) { nodes { joinedAt player { id } rank { name } } } } }`;
  return [
    // Nakama's groups are under nothing that they share.
    { name: 'join a group', nakama: 770, command: true, bodies: () => joins(sql, ORGANIZATIONS) },
    { name: 'join a group of one organization', command: true, bodies: () => joins(sql, 1) },
    read('list 100 members', 1_190, membersOf(100), true),
    read('a page of 20 members', 460, membersOf(20), true),
    read(
      'a player’s 20 groups',
      525,
      '{ me { guildMemberships(first: 20) { nodes { guild { id name memberCount } rank { name } } } } }',
    ),
    read('account', 260, '{ me { id party { id } } }'),
  ];
}

/** Every player joins one of twenty new groups, of so many organizations. */
async function joins(sql: postgres.Sql, organizations: number): Promise<string[]> {
  const query =
    'mutation ($input: GroupJoinInput!) { groupJoin(input: $input) { group { id name } errors { code message } } }';
  const codes = Array.from({ length: GROUPS }, () => codeOf(randomUUID()));
  const parents = codes.map((_, nth) => id(4, (nth % organizations) + 1));
  await sql`insert into social_group.groups (tenant_id, id, organization_id, name, invite_code, creator_id, created_at, updated_at)
    select ${DEMO_TENANT_ID}, gen_random_uuid(), organization, 'Open', code, ${playerIds[0] ?? ''}, now(), now()
    from unnest(${codes}::text[], ${parents}::uuid[]) as new (code, organization)`;
  return playerIds.map((_, nth) =>
    JSON.stringify({ query, variables: { input: { code: codes[nth % codes.length] } } }),
  );
}

/** Codes have no digits and letters that look alike. */
const codeOf = (uuid: string) => uuid.slice(0, 8).toUpperCase().replaceAll('0', 'X').replaceAll('1', 'Y');

async function seedGuilds(sql: postgres.Sql): Promise<void> {
  await sql`update guild.guilds set max_members = 1000, member_count = 300 where tenant_id = ${DEMO_TENANT_ID}`;
  await sql`insert into guild.members (tenant_id, guild_id, player_id, rank_id, joined_at)
    select g.tenant_id, g.id, player, r.id, now() + n * interval '1 second'
    from guild.guilds g
    join guild.ranks r on r.tenant_id = g.tenant_id and r.guild_id = g.id
    cross join unnest(${playerIds.slice(0, 200)}::uuid[]) with ordinality as asked(player, n)
    where g.tenant_id = ${DEMO_TENANT_ID} and (g.id = ${GUILD} or (n <= ${ACTORS} and g.id <= ${id(2, 20)}))
    on conflict do nothing`;
  await sql`vacuum analyze`;
}

/** As long as other requests are: V8 compiles what runs long, and Nakama is compiled when it starts. */
async function warmUp(contender: Contender, act: Act, options: Options): Promise<void> {
  const end = performance.now() + WARM_UP_SECONDS * 1_000;
  while (performance.now() < end) await microsecondsOf(contender, act, options);
}

async function microsecondsOf(contender: Contender, act: Act, options: Options): Promise<number> {
  await untilReady(contender);
  const requests = (await act.bodies()).map((body, nth) => ({
    path: '/graphql',
    headers: { 'content-type': 'application/json', ...contender.headers(nth) },
    body,
  }));
  const used = async () =>
    processorSeconds([...(await contender.pids()), ...(await familyOf(options.postgresPid))]);
  const before = await used();
  const { origin } = contender;
  const load = { origin, requests, connections: CLIENTS, seconds: options.seconds };
  const outcome = await options.loader.run({ ...load, once: act.command ?? false });
  return (((await used()) - before) / outcome.requests) * 1_000_000;
}
