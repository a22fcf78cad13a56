import { replaceStandIns } from './stand-ins.js';

/**
 * How GraphiQL sends an operation: queries and mutations over HTTP, subscriptions over graphql-ws. Both carry the
 * chosen player's token, unless the reader wrote an Authorization header of their own.
 *
 * @typedef {{ query: string, variables?: Record<string, unknown>, operationName?: string | null }} Operation
 * @typedef {{ kind: string, operation?: string, name?: { value: string } }} Definition
 * @typedef {{ headers?: Record<string, string>, documentAST?: { definitions: Definition[] } }} Extras
 *
 * @param {{
 *   session: import('./session.js').Session | null,
 *   live: import('./live.js').Live,
 *   standIns: Record<string, import('../page.ts').StandIn>,
 * }} deps
 */
export function createFetcher({ session, live, standIns }) {
  /** @param {Operation} written @param {Extras} [extras] */
  return async (written, extras = {}) => {
    const getHeaders = () => headersFor(session, extras.headers);
    try {
      const operation = await replaceStandIns(written, standIns, (query) => post({ query }, getHeaders));
      if (!isSubscription(operation, extras)) return await post(operation, getHeaders);
      return {
        /** @param {import('./live.js').Sink} sink */
        subscribe: (sink) => ({ unsubscribe: live.start(operation, getHeaders, sink) }),
      };
    } catch (error) {
      // Not thrown on: GraphiQL would show the reader our stack.
      return { errors: [{ message: error instanceof Error ? error.message : String(error) }] };
    }
  };
}

/**
 * @param {import('./session.js').Session | null} session
 * @param {Record<string, string>} [written] what the reader wrote in GraphiQL's headers
 * @returns {Promise<Record<string, string>>} names in lower case
 */
async function headersFor(session, written) {
  const headers = new Headers(written);
  if (session && !headers.has('authorization')) {
    headers.set('authorization', `Bearer ${(await session.identity()).token}`);
  }
  return Object.fromEntries(headers);
}

/** @param {Operation} operation @param {Extras} extras */
function isSubscription({ operationName }, { documentAST }) {
  const operations = documentAST?.definitions.filter(({ kind }) => kind === 'OperationDefinition') ?? [];
  const chosen = operationName ? operations.find(({ name }) => name?.value === operationName) : operations[0];
  return chosen?.operation === 'subscription';
}

/** @param {Operation} operation @param {() => Promise<Record<string, string>>} getHeaders */
async function post(operation, getHeaders) {
  const response = await fetch('/graphql', {
    method: 'POST',
    headers: {
      accept: 'application/graphql-response+json, application/json',
      'content-type': 'application/json',
      ...(await getHeaders()),
    },
    body: JSON.stringify(operation),
  });
  const body = await response.text();
  try {
    return JSON.parse(body);
  } catch {
    throw new Error(`HTTP ${response.status}: ${body.slice(0, 500)}`);
  }
}
