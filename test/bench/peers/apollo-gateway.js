// Stock Apollo: a gateway with the data source that it comes with, behind the server that it comes with.
//   SUPERGRAPH=<file> PORT=4000 [JWT_PUBLIC_KEY=<PEM>] node apollo-gateway.js
// With a key it does what an application has to: it verifies the client's token (once: then it knows it) and tells
// the subgraphs whose it is. Unsigned, which is less than ours does.
import { createPublicKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { ApolloGateway, RemoteGraphQLDataSource } from '@apollo/gateway';
import { ApolloServer } from '@apollo/server';
import { startStandaloneServer } from '@apollo/server/standalone';
import { jwtVerify } from 'jose';

const { SUPERGRAPH, PORT, JWT_PUBLIC_KEY } = process.env;
const key = JWT_PUBLIC_KEY && createPublicKey(JWT_PUBLIC_KEY);
const viewers = new Map();

class DataSource extends RemoteGraphQLDataSource {
  willSendRequest({ request, context }) {
    if (context?.viewer) request.http.headers.set('viewer', context.viewer);
  }
}

async function viewerOf(token) {
  const known = viewers.get(token);
  if (known) return known;
  const { payload } = await jwtVerify(token, key);
  const viewer = JSON.stringify(payload);
  viewers.set(token, viewer);
  return viewer;
}

const server = new ApolloServer({
  gateway: new ApolloGateway({
    supergraphSdl: readFileSync(SUPERGRAPH, 'utf8'),
    ...(key && { buildService: ({ url }) => new DataSource({ url }) }),
  }),
});
await startStandaloneServer(server, {
  listen: { host: '127.0.0.1', port: Number(PORT) },
  ...(key && {
    context: async ({ req }) => ({ viewer: await viewerOf(req.headers.authorization.slice(7)) }),
  }),
});
