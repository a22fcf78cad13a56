import { randomBytes } from 'node:crypto';
import { createSubgraph as createGroup } from '@fellowship/group';
import { createSubgraph as createGuild } from '@fellowship/guild';
import { IDENTITY_HEADER, signIdentity, subscriptionBody, type Viewer } from '@fellowship/identity';
import { createSubgraph as createParty } from '@fellowship/party';
import { createLog, type SubgraphName, serveSubgraph } from '@fellowship/server';
import type { GraphQLSchema } from 'graphql';
import { type Data, startSubgraph, viewer } from '../kit/subgraph.ts';

const creators = { party: createParty, guild: createGuild, group: createGroup };
export const subgraphNames = Object.keys(creators) as SubgraphName[];

export interface ServedTestSubgraph {
  readonly schema: GraphQLSchema;
  /** Where its GraphQL is, over HTTP. */
  readonly endpoint: string;
  /** `fetch` as the gateway would call it: whatever is sent is signed, for one player. */
  signedFetch(url: string, init?: RequestInit): Promise<Response>;
  /** A POST as the gateway makes it, for a player: the status, and the reply's JSON. */
  post(query: string, variables?: object, as?: Viewer): Promise<{ status: number; body: Data }>;
  /** The payload of a graphql-ws `subscribe` message. */
  subscription(query: string): Promise<object>;
  close(): Promise<void>;
}

/** A subgraph behind HTTP and WebSocket, as the gateway has it before itself, on a database of its own. */
export async function serveTestSubgraph(name: SubgraphName): Promise<ServedTestSubgraph> {
  const identitySecret = randomBytes(32).toString('base64url');
  const { subgraph, database } = await startSubgraph(name, creators[name]);
  const where = { host: '127.0.0.1', port: 0, fallback: false };
  const log = createLog({ name, level: 'silent' });
  const served = await serveSubgraph(subgraph, { ...where, identitySecret, introspection: true, log });
  const endpoint = `${served.url}/graphql`;
  const somebody = viewer();
  const sign = (body: string, as = somebody) => signIdentity(identitySecret, as, name, body, new Date());

  const signedFetch = async (url: string, init: RequestInit = {}, as = somebody) => {
    const identity = await sign(typeof init.body === 'string' ? init.body : '', as);
    return fetch(url, { ...init, headers: { ...init.headers, [IDENTITY_HEADER]: identity } });
  };
  return {
    schema: subgraph.schema,
    endpoint,
    signedFetch: (url, init) => signedFetch(url, init),
    async post(query, variables = {}, as) {
      const headers = { 'content-type': 'application/json' };
      const body = JSON.stringify({ query, variables });
      const response = await signedFetch(endpoint, { method: 'POST', headers, body }, as);
      return { status: response.status, body: await response.json() };
    },
    async subscription(query) {
      return { query, extensions: { identity: await sign(subscriptionBody(query, {})) } };
    },
    async close() {
      await served.close();
      await database.drop();
    },
  };
}
