import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createIdentityVerifier, IDENTITY_HEADER } from '@fellowship/identity';
import { afterEach, describe, expect, it } from 'vitest';
import { until } from '../testing/client.ts';
import { ADA, silent, viewerNamed } from '../testing/gateway.ts';
import { createRemoteSource } from './remote.ts';
import type { Source } from './source.ts';

const SECRET = 'a secret of more than thirty-two characters';
const QUERY = { query: '{me{id}}', variables: {}, operationName: undefined };
const MUTATION = { query: 'mutation{a}', variables: {}, operationName: undefined };

let server: Server;
let source: Source;
let requests = 0;

/** A subgraph that answers as told. */
async function serve(answer: (request: IncomingMessage, response: ServerResponse, body: string) => void) {
  requests = 0;
  server = createServer(async (request, response) => {
    requests++;
    let body = '';
    for await (const chunk of request) body += chunk;
    answer(request, response, body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  source = createRemoteSource({ name: 'party', url, identitySecret: SECRET, log: silent, timeout: 200 });
}

afterEach(async () => {
  server.closeAllConnections();
  server.close();
  await source.close();
});

const context = (signal = new AbortController().signal) => ({
  viewer: viewerNamed('Ada'),
  requestId: 'req-1',
  signal,
});
const unavailable = {
  message: 'The party service is not available: try again',
  extensions: { code: 'SUBGRAPH_UNAVAILABLE' },
};

describe('a fetch', () => {
  it('carries who asks, signed for this body, and the request id', async () => {
    const verifier = createIdentityVerifier({ secret: SECRET, audience: 'party' });
    await serve(async ({ headers, url }, response, body) => {
      const viewer = await verifier.verify(String(headers[IDENTITY_HEADER]), body);
      response.end(
        JSON.stringify({
          data: { url, id: viewer.playerId, requestId: headers['x-request-id'], body: JSON.parse(body) },
        }),
      );
    });
    const request = { query: 'query Q($a:Int){b(a:$a)}', variables: { a: 1 }, operationName: 'Q' };
    const result = await source.fetch(request, context());
    expect(result.data).toEqual({ url: '/graphql', id: ADA, requestId: 'req-1', body: request });
  });

  it('passes a result with status 400: the subgraph refused the operation', async () => {
    const errors = [{ message: 'no', extensions: { code: 'BAD_USER_INPUT' } }];
    await serve((_, response) => response.writeHead(400).end(JSON.stringify({ errors })));
    expect(await source.fetch(QUERY, context())).toEqual({ errors });
  });

  it.each<[string, (response: ServerResponse) => void]>([
    ['401', (response) => response.writeHead(401).end('{"errors":[{"message":"secret"}]}')],
    ['500', (response) => response.writeHead(500).end('secret stack')],
    ['garbage', (response) => response.end('<html>')],
    ['other JSON', (response) => response.end('{"data":1}')],
    ['JSON null', (response) => response.end('null')],
    ['too much', (response) => response.end(`{"data":"${'x'.repeat(9 * 1024 * 1024)}"}`)],
    ['half an answer', (response) => response.write('{"data":', () => response.destroy())],
    ['silence', () => {}],
    ['headers, then silence', (response) => response.write('{')],
  ])('turns %s into one coded error that names the subgraph alone', async (_, answer) => {
    await serve((_request, response) => answer(response));
    await expect(source.fetch(QUERY, context())).rejects.toMatchObject(unavailable);
  });

  it('is tried once more when the connection is lost, unless it is a mutation', async () => {
    await serve((request, response) =>
      requests === 1 ? request.socket.destroy() : response.end('{"data":{"a":1}}'),
    );
    expect(await source.fetch(QUERY, context())).toEqual({ data: { a: 1 } });
    requests = 0;
    await expect(source.fetch(MUTATION, context())).rejects.toMatchObject(unavailable);
    expect(requests).toBe(1);
  });

  it('is cancelled when the client goes, unless it is a mutation', async () => {
    let cancelled = 0;
    await serve((_, response) => {
      response.on('close', () => cancelled++);
      setTimeout(() => response.end('{"data":{"a":1}}'), 100);
    });
    const gone = new AbortController();
    const query = source.fetch(QUERY, context(gone.signal));
    await until(() => requests === 1);
    gone.abort();
    await expect(query).rejects.toMatchObject(unavailable);
    await until(() => cancelled === 1);
    expect(await source.fetch(MUTATION, context(gone.signal))).toEqual({ data: { a: 1 } });
  });
});
