import { composeServices } from '@apollo/composition';
import { buildSubgraphSchema } from '@apollo/subgraph';
import type { Viewer } from '@fellowship/identity';
import type { Subgraph, SubgraphName } from '@fellowship/server';
import { type DocumentNode, GraphQLError, GraphQLScalarType, parse } from 'graphql';
import { type Channel, createChannel } from './channel.ts';

const LINK = `extend schema
  @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@composeDirective"])
  @link(url: "https://fellowship.example/sharing/v1.0", import: ["@viewerIndependent"])
  @composeDirective(name: "@viewerIndependent")
directive @viewerIndependent on FIELD_DEFINITION | OBJECT | INTERFACE`;

const TYPE_DEFS: Readonly<Record<SubgraphName, DocumentNode>> = {
  party: parse(`${LINK}
    scalar Day
    type Query {
      me: Player
      party(id: ID!): Party
      echo(text: String): String
      on(day: Day!): String
      crash: String
      fail: String
      today: Day
      slow: String
      forbidden: String
    }
    type Mutation { partyRename(name: String!): Party }
    type Subscription {
      partyActivity(partyId: ID!, after: String): PartyEvent!
      guarded: PartyEvent!
      log: PartyEvent! @viewerIndependent
      failing: PartyEvent!
      hanging: PartyEvent!
      hangingLog: PartyEvent! @viewerIndependent
    }
    type Party @key(fields: "id") { id: ID! name: String! members: [Player!]! }
    type Player @key(fields: "id") { id: ID! party: Party requestId: String }
    interface PartyEvent {
      id: ID! @viewerIndependent cursor: String @viewerIndependent
      text: String actor: Player fault: String
    }
    type PartyRenamed implements PartyEvent {
      id: ID! @viewerIndependent cursor: String @viewerIndependent
      text: String actor: Player fault: String
    }
  `),
  guild: parse(`${LINK}
    type Query { guild(id: ID!): Guild }
    type Mutation { guildRename(name: String!): Guild guildHang: Guild }
    type Player @key(fields: "id") { id: ID! guilds: [Guild!]! crash: String fail: String hung: String playsFor: String! }
    type Guild @key(fields: "id") { id: ID! name: String! leader: Player }
  `),
  group: parse(`${LINK}
    type Query { group(id: ID!): Group }
    type Group @key(fields: "id") { id: ID! name: String! }
  `),
};

export interface PartyEvent {
  readonly id: string;
  readonly actorId: string;
  readonly text?: string;
  /** Who loses the log by it. */
  readonly kicks?: readonly string[];
}

interface Context {
  readonly viewer: Viewer;
  readonly requestId: string;
}

interface Faults {
  thrown: unknown;
}

/** Three tiny subgraphs that refer to each other's players, and what they saw. */
export interface TestSubgraphs {
  readonly subgraphs: Readonly<Record<SubgraphName, Subgraph>>;
  readonly supergraph: string;
  readonly activity: Channel<PartyEvent>;
  /** Players who may not read `log`. */
  readonly strangers: Set<string>;
  /** Players whose access to `log` is asked for in vain. */
  readonly unanswered: Set<string>;
  /** What the fields `fail`, the scalar of `today`, `failing` and the event text `fail` throw. */
  readonly faults: Faults;
  /** Every context made, in order. */
  readonly contexts: (Context & { readonly subgraph: SubgraphName })[];
}

export function createTestSubgraphs(): TestSubgraphs {
  const activity = createChannel<PartyEvent>();
  const contexts: TestSubgraphs['contexts'] = [];
  const strangers = new Set<string>();
  const unanswered = new Set<string>();
  const faults: Faults = { thrown: undefined };

  const subgraph = (name: SubgraphName, resolvers: Resolvers): Subgraph => ({
    name,
    schema: buildSubgraphSchema([{ typeDefs: TYPE_DEFS[name], resolvers }]),
    context(viewer, requestId) {
      const context = { subgraph: name, viewer, requestId };
      contexts.push(context);
      return context;
    },
    ready: async () => {},
    close: async () => activity.end(),
  });

  return {
    subgraphs: {
      party: subgraph('party', partyResolvers(activity, strangers, unanswered, faults)),
      guild: subgraph('guild', guildResolvers(faults)),
      group: subgraph('group', { Query: { group: (_, { id }) => ({ id, name: `Group ${id}` }) } }),
    },
    supergraph: compose(),
    activity,
    strangers,
    unanswered,
    faults,
    contexts,
  };
}

function compose(): string {
  const services = Object.entries(TYPE_DEFS).map(([name, typeDefs]) => ({ name, typeDefs, url: '' }));
  const { supergraphSdl, errors } = composeServices(services);
  if (supergraphSdl === undefined)
    throw new AggregateError(errors ?? [], 'The test subgraphs do not compose');
  return supergraphSdl;
}

type Modules = Exclude<Parameters<typeof buildSubgraphSchema>[0], DocumentNode>;
type Resolvers = NonNullable<Exclude<Modules[number], DocumentNode>['resolvers']>;

const party = (id: string) => ({ id, name: `Party ${id}`, members: [{ id: 'Ada' }, { id: 'Bea' }] });

/** The activity as a log that may be shared, as those of lib/activity. */
function shareable(
  activity: Channel<PartyEvent>,
  mayRead: () => boolean | Promise<boolean>,
  answers: () => boolean,
) {
  const probe = async () => {
    if (!(await mayRead())) throw new GraphQLError('No such log', { extensions: { code: 'NOT_FOUND' } });
  };
  const answered = async () => {
    if (!answers()) await new Promise(() => {});
    await probe();
  };
  const steps = async function* (events: AsyncIterable<PartyEvent>) {
    await probe();
    yield { recheck: [], start: 'cursor 0' };
    for await (const event of events) yield { event, recheck: event.kicks ?? [] };
  };
  const shared = () => {
    const events = activity.listen();
    const stream = steps(events);
    return Object.assign(stream, { return: () => events.return?.() });
  };
  return Object.assign(activity.listen(), { shared, probe: answered, mayRead: async () => mayRead() });
}

function partyResolvers(
  activity: Channel<PartyEvent>,
  strangers: ReadonlySet<string>,
  unanswered: ReadonlySet<string>,
  faults: Faults,
): Resolvers {
  const fail = () => {
    throw faults.thrown;
  };
  return {
    Day: new GraphQLScalarType({
      name: 'Day',
      serialize: (value) => (value === 'today' ? fail() : value),
      parseValue: parseDay,
      parseLiteral: (node) => parseDay('value' in node ? node.value : null),
    }),
    Query: {
      me: (_, _args, { viewer }: Context) => ({ id: viewer.playerId }),
      party: (_, { id }) => party(id),
      echo: (_, { text }) => text,
      on: (_, { day }) => day,
      crash: () => {
        throw new Error('select * from secrets');
      },
      fail,
      today: () => 'today',
      slow: () => new Promise((resolve) => setTimeout(resolve, 200, 'done')),
      forbidden: () => {
        throw new GraphQLError('The scope service:combat is missing', {
          extensions: { code: 'FORBIDDEN', detail: 'inner' },
        });
      },
    },
    Mutation: { partyRename: (_, { name }) => ({ ...party('1'), name }) },
    Player: { party: () => party('1'), requestId: (_, _args, { requestId }: Context) => requestId },
    PartyEvent: { __resolveType: () => 'PartyRenamed' },
    PartyRenamed: {
      cursor: ({ id }: PartyEvent) => `cursor ${id}`,
      actor: ({ actorId }: PartyEvent) => ({ id: actorId }),
      fault: ({ text }: PartyEvent) => {
        if (text === 'fail') fail();
        if (text === 'fault') throw new Error('select * from faults');
        return null;
      },
    },
    Subscription: {
      partyActivity: { subscribe: () => activity.listen(), resolve: (event: PartyEvent) => event },
      log: {
        subscribe: (_, _args, { viewer: { playerId } }: Context) =>
          shareable(
            activity,
            () => !strangers.has(playerId),
            () => !unanswered.has(playerId),
          ),
        resolve: (event: PartyEvent) => event,
      },
      failing: { subscribe: fail },
      hanging: { subscribe: () => new Promise(() => {}) },
      hangingLog: {
        subscribe: () =>
          shareable(
            activity,
            () => new Promise<boolean>(() => {}),
            () => true,
          ),
      },
      guarded: {
        subscribe: () => {
          throw new GraphQLError('The cursor is too old', { extensions: { code: 'CURSOR_EXPIRED' } });
        },
      },
    },
  };
}

const guildResolvers = (faults: Faults): Resolvers => ({
  Query: { guild: (_, { id }) => ({ id, name: `Guild ${id}` }) },
  Mutation: { guildRename: (_, { name }) => ({ id: '1', name }), guildHang: () => new Promise(() => {}) },
  Guild: { leader: () => ({ id: 'Lea' }) },
  Player: {
    guilds: ({ id }: { id: string }) => [{ id: `guild-of-${id}`, name: `Guild of ${id}` }],
    crash: () => {
      throw new Error('select * from secrets');
    },
    hung: () => new Promise(() => {}),
    fail: () => {
      throw faults.thrown;
    },
    playsFor: () => null,
  },
});

function parseDay(value: unknown): string {
  if (typeof value === 'string' && /^\d{4}-\d\d-\d\d$/.test(value)) return value;
  throw new GraphQLError('A Day reads like 2026-01-31');
}
