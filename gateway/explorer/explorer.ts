import type { FastifyInstance } from 'fastify';
import { type Assets, openAssets } from './assets.ts';
import { type ExampleTab, page, type StandIn } from './page.ts';

/** Whom the reader can play as, and where their tokens come from. */
export type ExplorerPlayers = {
  names: string[];
  issueToken(name: string): Promise<{ token: string; playerId: string }>;
};

export type ExplorerOptions = {
  /** Tabs that a first-time user finds open, in order. Each is named after its operation. */
  tabs: ExampleTab[];
  /** By the word that stands in, such as MY_PARTY. */
  standIns: Record<string, StandIn>;
  /**
   * For development only. Without them there is no token route and no player control, and the reader puts an
   * Authorization header into GraphiQL's own headers.
   */
  players?: ExplorerPlayers | undefined;
};

/** Only this origin, whatever a schema description or a response holds. Monaco and React style inline. */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "font-src 'self' data:",
  "connect-src 'self'",
  "worker-src 'self' blob:",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/**
 * GraphiQL for the gateway, as a Fastify plugin: `app.register(explorer({ … }))`. Serves `GET /`, its static files
 * under `/explorer/`, and with `players` also `GET /explorer/token?name=`. Everything comes from installed
 * packages, so it works without a network. Whether it is on at all is the gateway's decision.
 */
export function explorer({
  tabs,
  standIns,
  players,
}: ExplorerOptions): (app: FastifyInstance) => Promise<void> {
  return async (app) => {
    const assets = await openAssets();
    const html = page({ players: players?.names ?? [], tabs, standIns, assets: assets.bases });

    app.addHook('onRequest', async (_request, reply) => {
      reply.headers({
        'content-security-policy': CONTENT_SECURITY_POLICY,
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'no-referrer',
      });
    });
    app.get('/', async (_request, reply) =>
      reply.type('text/html; charset=utf-8').header('cache-control', 'no-cache').send(html),
    );
    serveAssets(app, assets);
    if (players) serveTokens(app, players);
  };
}

/** The path of every asset names its version or its content's hash, so a browser never has to ask twice. */
function serveAssets(app: FastifyInstance, assets: Assets): void {
  app.get('/explorer/*', async (request, reply) => {
    const file = await assets.read(request.url, request.headers['accept-encoding']);
    if (!file) return reply.code(404).type('text/plain; charset=utf-8').send('Not found');
    return reply
      .headers({ ...file.headers, vary: 'accept-encoding' })
      .header('cache-control', 'public, max-age=31536000, immutable')
      .send(file.content);
  });
}

function serveTokens(app: FastifyInstance, players: ExplorerPlayers): void {
  const querystring = {
    type: 'object',
    required: ['name'],
    properties: { name: { type: 'string', enum: players.names } },
  };
  app.get<{ Querystring: { name: string } }>(
    '/explorer/token',
    { schema: { querystring } },
    async (request, reply) => {
      reply.header('cache-control', 'no-store');
      return players.issueToken(request.query.name);
    },
  );
}
