import { ApolloServer } from '@apollo/server';
import type { FastifyInstance } from 'fastify';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { apolloDefaults, mountGraphql } from './graphql-http.ts';
import { createHttp } from './http.ts';
import { recordingLog, TestSubgraph, viewer } from './test-subgraph.ts';

let app: FastifyInstance;

beforeEach(async () => {
  const { log } = recordingLog();
  const subgraph = new TestSubgraph();
  app = createHttp({ log });
  const apollo = new ApolloServer<object>({ ...apolloDefaults(log), schema: subgraph.schema });
  await mountGraphql(app, apollo, {
    methods: ['GET', 'POST'],
    context: async (request) => subgraph.context(viewer, request.id),
    answer: async () => undefined,
  });
});
afterEach(() => app.close());

describe('mountGraphql', () => {
  it('serves POST', async () => {
    const reply = await app.inject({ method: 'POST', url: '/graphql', payload: { query: '{ me }' } });
    expect([reply.statusCode, reply.json()]).toEqual([200, { data: { me: viewer.playerId } }]);
    expect(reply.headers['content-type']).toContain('application/json');
  });

  it('serves GET with a CSRF header', async () => {
    const headers = { 'apollo-require-preflight': '1' };
    const reply = await app.inject({ url: '/graphql?query=%7Bme%7D', headers });
    expect(reply.json()).toEqual({ data: { me: viewer.playerId } });
  });

  it('refuses GET without one (CSRF)', async () => {
    const reply = await app.inject({ url: '/graphql?query=%7Bme%7D', headers: { 'x-request-id': 'r1' } });
    expect(reply.statusCode).toBe(400);
    expect(reply.json().errors[0].extensions).toEqual({ code: 'BAD_REQUEST', requestId: 'r1' });
  });

  it('refuses several operations in one request', async () => {
    const reply = await app.inject({ method: 'POST', url: '/graphql', payload: [{ query: '{ me }' }] });
    expect(reply.statusCode).toBe(400);
  });

  it('puts the right request id on errors of requests that run at once', async () => {
    const ids = ['r1', 'r2', 'r3', 'r4'];
    const replies = await Promise.all(
      ids.map((id) => {
        const headers = { 'x-request-id': id };
        return app.inject({ method: 'POST', url: '/graphql', headers, payload: { query: '{ slow sql }' } });
      }),
    );
    expect(replies.map((reply) => reply.json().errors[0].extensions.requestId)).toEqual(ids);
  });
});
