import type { Subgraph } from '@fellowship/server';
import postgres from 'postgres';
import type { Options } from '../options.ts';
import type { Figure, Round, Section } from '../report/section.ts';
import { quantile } from '../report/statistics.ts';
import { createDatabase, openSubgraph } from '../system/database.ts';
import { executeAs } from '../writes/execute.ts';
import {
  afterEntry,
  afterMember,
  afterMessage,
  community,
  type Place,
  type Sizes,
  seedGuild,
  seedTenant,
} from './seed.ts';

/** The same page or action, where there is little and where there is much. */
interface Growth {
  readonly name: string;
  readonly small: Ask;
  readonly large: Ask;
}

interface Ask {
  readonly subgraph: Subgraph;
  readonly place: Place;
  readonly query: string;
  readonly variables?: Readonly<Record<string, unknown>>;
}

/** Runs of each of the two in a round, by turns; the round's figure is the median. */
const RUNS = 60;
const WARM_UP = 20;
/** A page's worth: what there is at the small end, so that both ends answer the same number of rows. */
const FEW = 100;

/** Subgraphs without a gateway, whose time would make any ratio better. */
export async function measure(options: Options): Promise<Section> {
  await using resources = new AsyncDisposableStack();
  const open = async (name: string) => {
    const url = await createDatabase(options.postgresUrl, name);
    // What is seeded does not wait for the disk; what is measured has connections of its own.
    const connection = { synchronous_commit: 'off' };
    const sql = postgres(url, { max: 1, onnotice: () => {}, connection });
    resources.defer(() => sql.end());
    const subgraph = await openSubgraph('guild', url);
    resources.defer(() => subgraph.close());
    return { sql, subgraph };
  };
  const growths = [
    ...(await growthInTenant(await open('bench_growth'), options.quick ? 0.1 : 1)),
    await growthOfTenants(
      await open('bench_one_tenant'),
      await open('bench_tenants'),
      options.quick ? 100 : 1_000,
    ),
  ];
  const figures: Figure[] = [];
  for (const growth of growths) figures.push(await compare(growth, options.rounds));
  return {
    title: 'Growth',
    notes: [
      `Medians of ${RUNS} runs a round, small and large by turns, over the guild subgraph and PostgreSQL, without a gateway.`,
    ],
    figures,
  };
}

interface Opened {
  readonly sql: postgres.Sql;
  readonly subgraph: Subgraph;
}

async function growthInTenant({ sql, subgraph }: Opened, scale: number): Promise<Growth[]> {
  const few: Sizes = { members: FEW, messages: FEW, entries: FEW };
  const lots: Sizes = { members: 100_000 * scale, messages: 1_000_000 * scale, entries: 100_000 * scale };
  const small = await seedGuild(sql, few);
  const large = await seedGuild(sql, lots);
  const guilds = 100_000 * scale;
  const [one, twenty, all] = [
    await seedTenant(sql, 1),
    await seedTenant(sql, 20),
    await seedTenant(sql, guilds),
  ];
  // Not vacuumed, as before its first time: scans of an index alone are dear then, and a plan may flip to a sort.
  await sql`analyze`;

  const page = (name: string, query: string, middle?: string): Growth => ({
    name,
    small: { subgraph, place: small, query },
    large: { subgraph, place: large, query, ...(middle && { variables: { after: middle } }) },
  });
  const search = (name: string, from: Place, variables: object, before: object = variables): Growth => ({
    name,
    small: { subgraph, place: from, query: guildsPage, variables: { ...before } },
    large: { subgraph, place: all, query: guildsPage, variables: { ...variables } },
  });
  const count = (n: number) => n.toLocaleString('en');
  return [
    page(`members: ${FEW} -> ${count(lots.members)}`, membersPage),
    page('members: the page in their middle', membersPage, afterMember(lots.members / 2)),
    page(`messages: ${FEW} -> ${count(lots.messages)}`, messagesPage),
    page('messages: the page in their middle', messagesPage, afterMessage(lots.messages / 2)),
    page(`bank ledger: ${FEW} -> ${count(lots.entries)}`, ledgerPage),
    page('bank ledger: the page in its middle', ledgerPage, afterEntry(lots.entries / 2)),
    page('post a message: the same histories', postMessage),
    search(`one guild by its name: 1 -> ${count(guilds)}`, one, { search: 'guild 000001' }),
    search(`twenty guilds by name: 20 -> ${count(guilds)}`, twenty, {}),
    search('twenty guilds of a community', twenty, { community }),
    search('recruiting guilds, one in 1,000', twenty, { recruiting: true }, {}),
    search('guilds by a tag that all have', twenty, { tag: 'all' }),
    search('guilds by a tag of one in 1,000', twenty, { tag: 'rare' }, { tag: 'all' }),
  ];
}

/** The same guild alone, and among as many as there are tenants. */
async function growthOfTenants(alone: Opened, among: Opened, tenants: number): Promise<Growth> {
  const sizes: Sizes = { members: FEW, messages: FEW, entries: FEW };
  const small = await seedGuild(alone.sql, sizes);
  await alone.sql`analyze`;
  let large = small;
  for (let nth = 0; nth < tenants; nth += 1) large = await seedGuild(among.sql, sizes);
  await among.sql`analyze`;
  return {
    name: `members: 1 -> ${tenants.toLocaleString('en')} tenants`,
    small: { subgraph: alone.subgraph, place: small, query: membersPage },
    large: { subgraph: among.subgraph, place: large, query: membersPage },
  };
}

const membersPage = `query ($id: ID!, $after: String) { guild(id: $id) { memberCount members(first: 20, after: $after) {
  nodes { player { id } rank { name } } pageInfo { hasNextPage } } } }`;
const messagesPage = `query ($id: ID!, $after: String) { guild(id: $id) {
  messages(channel: GUILD, first: 20, after: $after) { nodes { body author { id } } pageInfo { hasNextPage } } } }`;
const ledgerPage = `query ($id: ID!, $after: String) { guild(id: $id) { bank { currency
  ledger(first: 20, after: $after) { nodes { number amount player { id } } pageInfo { hasNextPage } } } } }`;
const postMessage = `mutation ($id: ID!) {
  guildMessagePost(input: { guildId: $id, channel: GUILD, body: "On my way." }) { message { id } errors { code } } }`;
const guildsPage = `query ($search: String, $tag: String, $recruiting: Boolean, $community: ID) {
  guilds(first: 20, search: $search, tag: $tag, recruiting: $recruiting, communityId: $community) { nodes { name } } }`;

async function compare({ name, ...asks }: Growth, rounds: number): Promise<Figure> {
  const measured: Round[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const times = { small: [] as number[], large: [] as number[] };
    for (let run = round === 0 ? -WARM_UP : 0; run < RUNS; run += 1) {
      // Each comes first as often as the other.
      const order = run % 2 === 0 ? (['small', 'large'] as const) : (['large', 'small'] as const);
      for (const size of order) {
        const time = await timeOf(asks[size]);
        if (run >= 0) times[size].push(time);
      }
    }
    measured.push({ small: medianOf(times.small), large: medianOf(times.large) });
  }
  return { name, unit: 'ms', rounds: measured, compare: [{ of: 'large', to: 'small', atMost: 1.3 }] };
}

const medianOf = (times: readonly number[]) =>
  quantile(
    times.toSorted((a, b) => a - b),
    0.5,
  );

async function timeOf({ subgraph, place, query, variables }: Ask): Promise<number> {
  const { tenantId, playerId, guildId } = place;
  const began = performance.now();
  await executeAs(subgraph, { tenantId, playerId, communities: [community] }, query, {
    id: guildId,
    ...variables,
  });
  return performance.now() - began;
}
