import { type AuditFail, auditServer } from 'graphql-http';
import { expect, test } from 'vitest';
import { startStack } from '../kit/stack.ts';
import { serveTestSubgraph, subgraphNames } from './served-subgraph.ts';

/** Every audit of `graphql-http` that is not met, by its id. */
async function unmet(url: string, fetchFn: unknown): Promise<{ count: number; failed: string[] }> {
  const results = await auditServer({ url, fetchFn });
  const failed = results.filter((result): result is AuditFail => result.status !== 'ok');
  return { count: results.length, failed: failed.map(({ id, status, name }) => `${id} ${status}: ${name}`) };
}

/**
 * They ask for 200 where the operation itself is refused, for clients that accept only `application/json`. Apollo
 * Server answers them 400, as all of its clients know; with `application/graphql-response+json` 400 is right.
 */
const refusalsAre400 = [
  '572B warn: SHOULD use 200 status code on document parsing failure when accepting application/json',
  'FDE2 warn: SHOULD use 200 status code on document validation failure when accepting application/json',
  '7B9B warn: SHOULD use a status code of 200 on variable coercion failure when accepting application/json',
];
/** Subgraphs are asked by POST alone: the identity that the gateway signs is bound to a body. */
const noGet = [
  '5A70 notice: MAY accept application/x-www-form-urlencoded formatted GET requests',
  'D6D5 notice: MAY allow URL-encoded JSON string {variables} parameter in GETs when accepting application/graphql-response+json',
  '6A70 notice: MAY allow URL-encoded JSON string {variables} parameter in GETs when accepting application/json',
];

test('the gateway speaks GraphQL over HTTP, to a player and to nobody', async () => {
  const graph = await startStack('process');
  try {
    const url = `${graph.url}/graphql`;
    const { token } = await graph.player('Ada');
    const asPlayer = (address: string, init: RequestInit = {}) =>
      fetch(address, { ...init, headers: { ...init.headers, authorization: `Bearer ${token}` } });
    expect(await unmet(url, asPlayer)).toEqual({ count: 61, failed: refusalsAre400 });
    expect(await unmet(url, fetch)).toEqual({ count: 61, failed: refusalsAre400 });
  } finally {
    await graph.stop();
  }
});

test.each(subgraphNames)('the %s subgraph speaks GraphQL over HTTP', async (name) => {
  const subgraph = await serveTestSubgraph(name);
  try {
    const { count, failed } = await unmet(subgraph.endpoint, subgraph.signedFetch);
    expect({ count, failed: failed.sort() }).toEqual({
      count: 61,
      failed: [...refusalsAre400, ...noGet].sort(),
    });
  } finally {
    await subgraph.close();
  }
});
