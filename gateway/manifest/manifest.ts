import { readFile } from 'node:fs/promises';
import { parse } from 'graphql';
import { z } from 'zod';
import { refuse } from '../errors.ts';
import { operationsOf } from '../limits/measure.ts';

/** The operations that clients may send, as the tools that build the clients wrote them down. */
export interface Manifest {
  readonly operations: readonly RegisteredOperation[];
  /** Whether a document is one of them, to the letter. */
  has(source: string): boolean;
  /**
   * The document that a request asks for by an id, or sends itself. Throws `Refused` when there is no such id.
   */
  sourceOf(request: PersistedRequest): string;
}

export interface RegisteredOperation {
  readonly id: string;
  readonly name: string | undefined;
  readonly source: string;
}

/**
 * Where clients put the id: Apollo's and urql's in `extensions`, Relay's network layers in `doc_id` or `id`, the draft
 * of GraphQL over HTTP in `documentId`.
 */
export interface PersistedRequest {
  readonly query?: unknown;
  readonly documentId?: unknown;
  readonly doc_id?: unknown;
  readonly id?: unknown;
  readonly extensions?: unknown;
}

const Apollo = z.object({
  format: z.literal('apollo-persisted-query-manifest'),
  version: z.literal(1),
  operations: z.array(z.object({ id: z.string(), name: z.string().optional(), body: z.string() })),
});
const Relay = z.record(z.string(), z.string());

/** Reads the file at this path. Rejects with a message that names it. */
export async function loadManifest(path: string): Promise<Manifest> {
  try {
    return parseManifest(await readFile(path, 'utf8'));
  } catch (error) {
    throw new Error(`OPERATIONS_MANIFEST ${path}: ${error instanceof Error ? error.message : error}`);
  }
}

/**
 * Takes Apollo's format (https://www.apollographql.com/docs/graphos/platform/security/persisted-queries) and Relay's
 * (https://relay.dev/docs/guides/persisted-queries/, "Local Persisted Queries"): ids and texts. Throws when it is
 * neither.
 */
export function parseManifest(json: string): Manifest {
  const operations = read(JSON.parse(json));
  const byId = new Map(operations.map(({ id, source }) => [id, source]));
  if (byId.size < operations.length) throw new Error('Two operations have the same id');
  const sources = new Set(byId.values());
  return {
    operations,
    has: (source) => sources.has(source),
    sourceOf(request) {
      // Who sends the text means it, whatever id stands beside.
      if (typeof request.query === 'string' && request.query !== '') return request.query;
      const id = idOf(request);
      return (id !== undefined && byId.get(id)) || refuseUnregistered();
    },
  };
}

export function refuseUnregistered(): never {
  return refuse('PERSISTED_QUERY_NOT_IN_LIST', 'Only registered operations are served, and this is none');
}

function read(manifest: unknown): RegisteredOperation[] {
  const apollo = Apollo.safeParse(manifest);
  if (apollo.success) {
    return apollo.data.operations.map(({ id, name, body }) => ({ id, name, source: body }));
  }
  const relay = Relay.safeParse(manifest);
  if (!relay.success)
    throw new Error('This is neither a manifest as Apollo’s tools write it nor as Relay’s do');
  return Object.entries(relay.data).map(([id, source]) => ({ id, name: nameOf(source), source }));
}

function nameOf(source: string): string | undefined {
  try {
    return operationsOf(parse(source, { noLocation: true }))[0]?.name?.value;
  } catch {
    // What is wrong with it is said with its id, when it is checked.
    return undefined;
  }
}

const Extensions = z.object({ persistedQuery: z.object({ sha256Hash: z.string() }) });

function idOf({ documentId, doc_id, id, extensions }: PersistedRequest): string | undefined {
  const { data } = Extensions.safeParse(extensions);
  const given = data?.persistedQuery.sha256Hash ?? documentId ?? doc_id ?? id;
  return typeof given === 'string' ? given : undefined;
}
