import { composeServices } from '@apollo/composition';
import { buildSubgraphSchema } from '@apollo/subgraph';
import type { Viewer } from '@fellowship/identity';
import type { Subgraph, SubgraphName } from '@fellowship/server';
import { type DocumentNode, GraphQLError, GraphQLScalarType, parse } from 'graphql';
import { type Channel, createChannel } from './channel.ts';

const LINK = 'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])';

const TYPE_DEFS: Readonly<Record<SubgraphName, DocumentNode>> = {
  party: parse(`${LINK}
    scalar Day
    type Query {
      me: Player
      party(id: ID!): Party
      echo(text: String): String
      on(day: Day!): String
      crash: String
      slow: String
      forbidden: String
    }
    type Mutation { partyRename(name: String!): Party }
    type Subscription {
      partyActivity(partyId: ID!, after: String): PartyEvent!
      guarded: PartyEvent!
    }
    type Party @key(fields: "id") { id: ID! name: String! members: [Player!]! }
    type Player @key(fields: "id") { id: ID! party: Party requestId: String }
    interface PartyEvent { id: ID! cursor: String text: String actor: Player fault: String }
    type PartyRenamed implements PartyEvent { id: ID! cursor: String text: String actor: Player fault: String }
  `),
  guild: parse(`${LINK}
    type Query { guild(id: ID!): Guild }
    type Player @key(fields: "id") { id: ID! guilds: [Guild!]! crash: String playsFor: String! }
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
}

interface Context {
  readonly viewer: Viewer;
  readonly requestId: string;
}

/** Three tiny subgraphs that refer to each other's players, and what they saw. */
export interface TestSubgraphs {
  readonly subgraphs: Readonly<Record<SubgraphName, Subgraph>>;
  readonly supergraph: string;
  readonly activity: Channel<PartyEvent>;
  /** Every context made, in order. */
  readonly contexts: (Context & { readonly subgraph: SubgraphName })[];
}

export function createTestSubgraphs(): TestSubgraphs {
  const activity = createChannel<PartyEvent>();
  const contexts: TestSubgraphs['contexts'] = [];

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
      party: subgraph('party', partyResolvers(activity)),
      guild: subgraph('guild', guildResolvers),
      group: subgraph('group', { Query: { group: (_, { id }) => ({ id, name: `Group ${id}` }) } }),
    },
    supergraph: compose(),
    activity,
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

function partyResolvers(activity: Channel<PartyEvent>): Resolvers {
  return {
    Day: new GraphQLScalarType({
      name: 'Day',
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
        if (text === 'fault') throw new Error('select * from faults');
        return null;
      },
    },
    Subscription: {
      partyActivity: { subscribe: () => activity.listen(), resolve: (event: PartyEvent) => event },
      guarded: {
        subscribe: () => {
          throw new GraphQLError('The cursor is too old', { extensions: { code: 'CURSOR_EXPIRED' } });
        },
      },
    },
  };
}

const guildResolvers: Resolvers = {
  Query: { guild: (_, { id }) => ({ id, name: `Guild ${id}` }) },
  Guild: { leader: () => ({ id: 'Lea' }) },
  Player: {
    guilds: ({ id }: { id: string }) => [{ id: `guild-of-${id}`, name: `Guild of ${id}` }],
    crash: () => {
      throw new Error('select * from secrets');
    },
    playsFor: () => null,
  },
};

function parseDay(value: unknown): string {
  if (typeof value === 'string' && /^\d{4}-\d\d-\d\d$/.test(value)) return value;
  throw new GraphQLError('A Day reads like 2026-01-31');
}
