// `node test/bench/gateway/subgraphs.ts party=8001 guild=8002 group=8003`: the three subgraphs with their real schemas
// and made-up data, in one process, for gateways to be measured over. They ask nobody who he is, so that gateways
// with and without signed identities get the same answers, and they remember the answer to a body: what is left of
// them is an HTTP server and a lookup, and what is measured is the gateway.
import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { loadTypeDefs } from '@fellowship/graphql';
import { type GraphQLSchema, graphql } from 'graphql';

/** The nth id that is reached from this one. */
function idFrom(id: string, kind: string, nth = 0): string {
  const hex = createHash('sha1').update(`${id} ${kind} ${nth}`).digest('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join(
    '-',
  );
}

const several = <T>(count: number, make: (nth: number) => T) => ({
  nodes: Array.from({ length: count }, (_, nth) => make(nth)),
});

interface Entity {
  readonly id: string;
}

const party = ({ id }: Entity) => ({ id, goal: 'RAID', leader: { id: idFrom(id, 'leader') } });
const guild = ({ id }: Entity) => ({ id, name: `Guild ${id}`, leader: { id: idFrom(id, 'leader') } });
const group = ({ id }: Entity) => ({ id, name: `Group ${id}`, creator: { id: idFrom(id, 'creator') } });
const ofGuild = (member: object) => ({
  joinedAt: '2031-01-01T00:00:00.000Z',
  rank: { name: 'Member' },
  ...member,
});

const resolvers = {
  party: {
    Query: { party: (_: unknown, by: Entity) => party(by) },
    Player: { party: ({ id }: Entity) => party({ id: idFrom(id, 'party') }) },
  },
  guild: {
    Query: { guild: (_: unknown, by: Entity) => guild(by) },
    Player: {
      guildMemberships: ({ id }: Entity, { first }: { first: number }) =>
        several(first, (nth) => ofGuild({ guild: guild({ id: idFrom(id, 'guild', nth) }) })),
    },
    Guild: {
      members: ({ id }: Entity, { first }: { first: number }) =>
        several(first, (nth) => ofGuild({ player: { id: idFrom(id, 'member', nth) } })),
    },
  },
  group: {
    Player: {
      groups: ({ id }: Entity, { first }: { first: number }) =>
        several(first, (nth) => group({ id: idFrom(id, 'group', nth) })),
    },
  },
};

async function serve(schema: GraphQLSchema, port: number): Promise<void> {
  const answers = new Map<string, Promise<Buffer>>();
  const server = createServer(async (request, response) => {
    const body = await textOf(request);
    const answer = answers.get(body) ?? compute(schema, body);
    answers.set(body, answer);
    const bytes = await answer;
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': bytes.length });
    response.end(bytes);
  });
  server.listen(port, '127.0.0.1');
}

async function textOf(request: IncomingMessage): Promise<string> {
  let text = '';
  request.setEncoding('utf8');
  for await (const chunk of request) text += chunk;
  return text;
}

async function compute(schema: GraphQLSchema, body: string): Promise<Buffer> {
  const { query, variables, operationName } = JSON.parse(body);
  return Buffer.from(
    JSON.stringify(await graphql({ schema, source: query, variableValues: variables, operationName })),
  );
}

for (const [name, port] of process.argv.slice(2).map((argument) => argument.split('='))) {
  const own = resolvers[name as keyof typeof resolvers];
  const typeDefs = loadTypeDefs(String(name));
  await serve(buildSubgraphSchema([{ typeDefs, resolvers: own }]), Number(port));
}
