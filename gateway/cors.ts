import cors, { type FastifyCorsOptionsDelegateCallback } from '@fastify/cors';
import { GRAPHQL_PATH, REQUEST_ID_HEADER } from '@fellowship/server';
import type { FastifyInstance } from 'fastify';

/** Seconds that browsers may remember the answer to a preflight. */
const MAX_AGE = 600;

/**
 * Lets pages of other origins call the graph over HTTP: those that may open a WebSocket (ALLOWED_ORIGINS), none by
 * default. The graph alone: what else is served, such as development tokens, is for pages of our own. No cookies:
 * a token is sent by the page that has it.
 */
export async function allowOrigins(app: FastifyInstance, origins: readonly string[]): Promise<void> {
  if (origins.length === 0) return;
  const options = {
    origin: origins.includes('*') ? '*' : [...origins],
    methods: ['GET', 'POST'],
    exposedHeaders: [REQUEST_ID_HEADER, 'retry-after'],
    maxAge: MAX_AGE,
  };
  const decide: FastifyCorsOptionsDelegateCallback = (request, answer) => {
    const isGraph = request.url.split('?')[0] === GRAPHQL_PATH;
    answer(null, isGraph ? options : { origin: false });
  };
  await app.register(cors, () => decide);
}
