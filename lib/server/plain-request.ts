import type { FastifyRequest } from 'fastify';

/** A GraphQL request in the form that nearly all have. */
export interface PlainRequest {
  readonly query: string;
  readonly operationName: string | undefined;
  readonly variables: Readonly<Record<string, unknown>>;
  /** The media type to answer in, as the client accepts it. */
  readonly mediaType: string;
}

const JSON_BODY = new Set([
  'application/json',
  'application/json; charset=utf-8',
  'application/json;charset=utf-8',
]);

const JSON_ANSWER = 'application/json; charset=utf-8';
const GRAPHQL_ANSWER = 'application/graphql-response+json; charset=utf-8';

/** What common clients accept, word for word, and what Apollo Server gives them (a test asks it). */
export const ANSWERS: ReadonlyMap<string | undefined, string> = new Map([
  [undefined, JSON_ANSWER],
  ['*/*', JSON_ANSWER],
  ['application/json', JSON_ANSWER],
  ['application/json, */*', JSON_ANSWER],
  ['application/json, text/plain, */*', JSON_ANSWER],
  ['application/graphql-response+json', GRAPHQL_ANSWER],
  ['application/graphql-response+json,application/json;q=0.9', GRAPHQL_ANSWER],
  ['application/graphql-response+json, application/json', GRAPHQL_ANSWER],
  [
    'application/graphql-response+json, application/graphql+json, application/json, text/event-stream, multipart/mixed',
    GRAPHQL_ANSWER,
  ],
]);

/**
 * What a request asks if it is a POST of JSON with a query, and perhaps variables and a name, of a client whose
 * `Accept` is well known. Undefined for any other, be it odd or wrong: Apollo Server knows what to do with those.
 */
export function plainRequest({ method, headers, body }: FastifyRequest): PlainRequest | undefined {
  const mediaType = ANSWERS.get(headers.accept);
  if (method !== 'POST' || mediaType === undefined) return undefined;
  if (!JSON_BODY.has(headers['content-type'] ?? '') || !isRecord(body)) return undefined;
  const { query, operationName, variables, ...more } = body;
  if (typeof query !== 'string' || query === '' || Object.keys(more).length > 0) return undefined;
  if (operationName !== undefined && operationName !== null && typeof operationName !== 'string')
    return undefined;
  if (variables !== undefined && variables !== null && !isRecord(variables)) return undefined;
  return { query, operationName: operationName || undefined, variables: variables ?? {}, mediaType };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
