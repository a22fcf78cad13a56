import { GRAPHQL_PATH } from '@fellowship/server';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { GraphQLError } from 'graphql';
import { Refused } from '../errors.ts';
import type { Manifest, PersistedRequest } from './manifest.ts';

type Parameters = Readonly<Record<string, unknown>>;

/**
 * Puts the document in the place of its id, in every HTTP request for a registered operation: whatever answers it, a
 * stream or one reply, finds the text there. To be mounted before both.
 */
export function mountManifest(app: FastifyInstance, manifest: Manifest): void {
  app.addHook('preHandler', async (request) => {
    if (request.routeOptions.url !== GRAPHQL_PATH) return;
    if (request.method === 'GET') resolveQueryString(request, manifest);
    else if (isObject(request.body)) request.body = resolve(request.body, manifest);
  });
}

function resolveQueryString(request: FastifyRequest, manifest: Manifest): void {
  const { extensions, ...given } = request.query as Record<string, string>;
  const { extensions: _, ...resolved } = resolve({ ...given, extensions: parsed(extensions) }, manifest);
  request.query = resolved;
  // Apollo Server reads the URL itself.
  request.raw.url = `${GRAPHQL_PATH}?${new URLSearchParams(resolved as Record<string, string>)}`;
}

/** `extensions.persistedQuery` goes: to Apollo Server it means the automatic ones, which are off. */
function resolve({ documentId, doc_id, id, ...rest }: Parameters & PersistedRequest, manifest: Manifest) {
  const query = sourceOf({ documentId, doc_id, id, ...rest }, manifest);
  if (!isObject(rest.extensions)) return { ...rest, query };
  const { persistedQuery: _, ...extensions } = rest.extensions;
  return { ...rest, query, extensions };
}

function sourceOf(request: PersistedRequest, manifest: Manifest): string {
  try {
    return manifest.sourceOf(request);
  } catch (error) {
    const [refusal] = error instanceof Refused ? error.errors : [];
    if (!refusal) throw error;
    const { message, extensions } = refusal;
    throw new GraphQLError(message, { extensions: { ...extensions, http: { status: 400 } } });
  }
}

function isObject(value: unknown): value is Parameters {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function parsed(json: string | undefined): unknown {
  try {
    return json === undefined ? undefined : JSON.parse(json);
  } catch {
    return undefined;
  }
}
