// `node test/bench/system/stock-subgraph.ts party <port> <database URL>`: our subgraph, with its own resolvers, served
// as Apollo's documentation does it. Who asks is in a header of the gateway's, which it believes.
import { ApolloServer } from '@apollo/server';
import { startStandaloneServer } from '@apollo/server/standalone';
import type { SubgraphName } from '@fellowship/server';
import { openSubgraph } from './database.ts';

const [, , name, port, url = ''] = process.argv;
const subgraph = await openSubgraph(name as SubgraphName, url);

await startStandaloneServer(new ApolloServer({ schema: subgraph.schema }), {
  listen: { host: '127.0.0.1', port: Number(port) },
  context: async ({ req }) => {
    const { sub, tenant, communities, scope, exp } = JSON.parse(String(req.headers['viewer']));
    const scopes = scope.split(' ').filter(Boolean);
    const viewer = {
      playerId: sub,
      tenantId: tenant,
      communities,
      scopes,
      expiresAt: new Date(exp * 1_000),
    };
    return subgraph.context(viewer, 'bench');
  },
});
