import type { FastifyRequest } from 'fastify';
import { z } from 'zod';

const parameters = z.object({
  query: z.string(),
  operationName: z.string().nullish(),
  variables: z.record(z.string(), z.unknown()).nullish(),
});

/** The operation in a request's JSON body or query string, or undefined where it is malformed. */
export function readOperation({ method, body, query }: FastifyRequest) {
  const parsed = parameters.safeParse(method === 'GET' ? fromQueryString(query) : body);
  if (!parsed.success) return undefined;
  const { query: source, operationName, variables } = parsed.data;
  return { source, operationName: operationName || undefined, variables: variables ?? {} };
}

function fromQueryString(query: unknown): unknown {
  const { variables, ...rest } = query as Readonly<Record<string, unknown>>;
  try {
    return typeof variables === 'string' ? { ...rest, variables: JSON.parse(variables) } : rest;
  } catch {
    return undefined;
  }
}
