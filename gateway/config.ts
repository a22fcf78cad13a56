import proxyAddr from '@fastify/proxy-addr';
import {
  type ClientKeys,
  type ClientTokens,
  createClientTokens,
  DEV_AUDIENCE,
  DEV_ISSUER,
  type DevKeys,
  loadOrCreateDevKeys,
} from '@fellowship/identity';
import { DEFAULT_GUESSES, type RateDatabase } from '@fellowship/rate-limit';
import { count, databaseUrl, type Environment, port, readEnvironment } from '@fellowship/server';
import { z } from 'zod';
import { DEFAULT_LIMITS } from './limits/limits.ts';
import { DEFAULT_RATE_LIMITS } from './limits/rates.ts';
import { DEFAULT_UPSTREAM_LIMITS } from './sources/limits.ts';
import { DEFAULT_SOCKET_LIMITS } from './subscriptions/socket.ts';

function areProxies(list: string[]): boolean {
  try {
    proxyAddr.compile(list);
    return true;
  } catch {
    return false;
  }
}

const url = z.url({ protocol: /^https?$/ }).optional();
const list = z
  .string()
  .default('')
  .transform((text) =>
    text
      .split(',')
      .map((each) => each.trim())
      .filter(Boolean),
  );
const variables = z.object({
  NODE_ENV: z.string().default('development'),
  GATEWAY_HOST: z.string().default('127.0.0.1'),
  GATEWAY_PORT: port.default(4000),
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']).default('info'),
  FELLOWSHIP_STATE: z.string().optional(),
  PARTY_URL: url,
  GUILD_URL: url,
  GROUP_URL: url,
  IDENTITY_SECRET: z.string().min(32).optional(),
  JWKS_URL: url,
  JWT_PUBLIC_KEY: z.string().optional(),
  JWT_ISSUER: z.string().optional(),
  JWT_AUDIENCE: z.string().optional(),
  INTROSPECTION: z.stringbool().optional(),
  EXPLORER: z.stringbool().optional(),
  EXECUTOR: z.enum(['compiled', 'apollo']).default('compiled'),
  LIMIT_TOKENS: count(DEFAULT_LIMITS.tokens),
  LIMIT_DEPTH: count(DEFAULT_LIMITS.depth),
  LIMIT_ALIASES: count(DEFAULT_LIMITS.aliases),
  LIMIT_ROOT_FIELDS: count(DEFAULT_LIMITS.rootFields),
  LIMIT_DIRECTIVES: count(DEFAULT_LIMITS.directives),
  LIMIT_SELECTIONS: count(DEFAULT_LIMITS.selections),
  LIMIT_REPETITIONS: count(DEFAULT_LIMITS.repetitions),
  LIMIT_COST: count(DEFAULT_LIMITS.cost),
  LIMIT_SOCKETS: count(DEFAULT_SOCKET_LIMITS.sockets),
  LIMIT_SOCKET_OPERATIONS: count(DEFAULT_SOCKET_LIMITS.operations),
  LIMIT_PLAYER_SUBSCRIPTIONS: count(DEFAULT_SOCKET_LIMITS.playerSubscriptions),
  LIMIT_MESSAGE_BYTES: count(DEFAULT_SOCKET_LIMITS.messageBytes),
  LIMIT_INIT_MS: count(DEFAULT_SOCKET_LIMITS.initTimeout),
  OPERATIONS_MANIFEST: z.string().optional(),
  UPSTREAM_CONNECT_MS: count(DEFAULT_UPSTREAM_LIMITS.connectTimeout),
  UPSTREAM_RESPONSE_MS: count(DEFAULT_UPSTREAM_LIMITS.responseTimeout),
  UPSTREAM_TIMEOUT_MS: count(DEFAULT_UPSTREAM_LIMITS.timeout),
  UPSTREAM_RESPONSE_BYTES: count(DEFAULT_UPSTREAM_LIMITS.responseBytes),
  UPSTREAM_CONNECTIONS: count(DEFAULT_UPSTREAM_LIMITS.connections),
  UPSTREAM_QUEUE: count(DEFAULT_UPSTREAM_LIMITS.queue),
  UPSTREAM_FAILURES: count(DEFAULT_UPSTREAM_LIMITS.failures),
  UPSTREAM_PAUSE_MS: count(DEFAULT_UPSTREAM_LIMITS.pause),
  LIMIT_RATE_SECONDS: count(DEFAULT_RATE_LIMITS.seconds),
  LIMIT_PLAYER_POINTS: count(DEFAULT_RATE_LIMITS.player),
  LIMIT_SERVICE_POINTS: count(DEFAULT_RATE_LIMITS.service),
  LIMIT_ADDRESS_POINTS: count(DEFAULT_RATE_LIMITS.address),
  LIMIT_GUESSES: count(DEFAULT_GUESSES.guesses),
  LIMIT_GUESS_SECONDS: count(DEFAULT_GUESSES.seconds),
  RATE_LIMIT_DATABASE_URL: databaseUrl.optional(),
  RATE_LIMIT_MIGRATION_DATABASE_URL: databaseUrl.optional(),
  TRUSTED_PROXIES: list.refine(
    areProxies,
    'addresses, networks such as 10.0.0.0/8, or loopback, separated by commas',
  ),
  ALLOWED_ORIGINS: list,
});

export type GatewayConfig = ReturnType<typeof readGatewayConfig>;

/**
 * What the environment says. Throws an error that names every variable with a fault. An empty one is not set.
 */
export function readGatewayConfig(env: Environment) {
  const v = readEnvironment(variables, env);
  const production = v.NODE_ENV === 'production';
  return {
    production,
    host: v.GATEWAY_HOST,
    port: v.GATEWAY_PORT,
    logLevel: v.LOG_LEVEL,
    /** In place of the checkout's `.fellowship`. */
    stateDirectory: v.FELLOWSHIP_STATE,
    urls: { party: v.PARTY_URL, guild: v.GUILD_URL, group: v.GROUP_URL },
    identitySecret: v.IDENTITY_SECRET,
    token: {
      jwksUrl: v.JWKS_URL,
      publicKey: v.JWT_PUBLIC_KEY,
      issuer: v.JWT_ISSUER,
      audience: v.JWT_AUDIENCE,
    },
    introspection: v.INTROSPECTION ?? !production,
    /** The path of a manifest. */
    manifest: v.OPERATIONS_MANIFEST,
    explorer: v.EXPLORER ?? !production,
    executor: v.EXECUTOR,
    limits: {
      tokens: v.LIMIT_TOKENS,
      depth: v.LIMIT_DEPTH,
      aliases: v.LIMIT_ALIASES,
      rootFields: v.LIMIT_ROOT_FIELDS,
      directives: v.LIMIT_DIRECTIVES,
      selections: v.LIMIT_SELECTIONS,
      repetitions: v.LIMIT_REPETITIONS,
      cost: v.LIMIT_COST,
    },
    upstreamLimits: {
      connectTimeout: v.UPSTREAM_CONNECT_MS,
      responseTimeout: v.UPSTREAM_RESPONSE_MS,
      timeout: v.UPSTREAM_TIMEOUT_MS,
      responseBytes: v.UPSTREAM_RESPONSE_BYTES,
      connections: v.UPSTREAM_CONNECTIONS,
      queue: v.UPSTREAM_QUEUE,
      failures: v.UPSTREAM_FAILURES,
      pause: v.UPSTREAM_PAUSE_MS,
    },
    socketLimits: {
      ...DEFAULT_SOCKET_LIMITS,
      sockets: v.LIMIT_SOCKETS,
      operations: v.LIMIT_SOCKET_OPERATIONS,
      playerSubscriptions: v.LIMIT_PLAYER_SUBSCRIPTIONS,
      messageBytes: v.LIMIT_MESSAGE_BYTES,
      initTimeout: v.LIMIT_INIT_MS,
      origins: v.ALLOWED_ORIGINS,
    },
    rateLimits: {
      seconds: v.LIMIT_RATE_SECONDS,
      player: v.LIMIT_PLAYER_POINTS,
      service: v.LIMIT_SERVICE_POINTS,
      address: v.LIMIT_ADDRESS_POINTS,
    },
    /** Wrong invite codes that one address may ask for. */
    guesses: { guesses: v.LIMIT_GUESSES, seconds: v.LIMIT_GUESS_SECONDS },
    /** Where several processes count rates together. */
    rateDatabase: rateDatabaseOf(v.RATE_LIMIT_DATABASE_URL, v.RATE_LIMIT_MIGRATION_DATABASE_URL),
    trustedProxies: v.TRUSTED_PROXIES,
  };
}

function rateDatabaseOf(url: string | undefined, migrationUrl = url): RateDatabase | undefined {
  return url === undefined || migrationUrl === undefined ? undefined : { url, migrationUrl };
}

export interface Trust {
  readonly clientTokens: ClientTokens;
  /** What remote subgraphs share with the gateway. */
  readonly identitySecret: string;
  /** Where client tokens are those of the development keys. */
  readonly devKeys?: DevKeys;
}

/**
 * Whose tokens hold, and the secret that subgraphs trust. In development what is not configured comes from
 * the development keys in `stateDirectory`; in production that is refused with an error that names the
 * variables.
 */
export async function loadTrust(config: GatewayConfig, stateDirectory: string): Promise<Trust> {
  const { production, token, identitySecret } = config;
  const keys = clientKeysOf(token);
  if (keys && identitySecret) {
    return { clientTokens: clientTokensOf(keys, token), identitySecret };
  }
  if (production) {
    const missing = [!keys && 'JWKS_URL or JWT_PUBLIC_KEY', !identitySecret && 'IDENTITY_SECRET'].filter(
      Boolean,
    );
    throw new Error(`In production ${missing.join(' and ')} must be set`);
  }
  const dev = await loadOrCreateDevKeys(stateDirectory, undefined);
  const devToken = { issuer: DEV_ISSUER, audience: DEV_AUDIENCE };
  const secret = identitySecret ?? dev.identitySecret;
  if (keys) return { clientTokens: clientTokensOf(keys, token), identitySecret: secret };
  return {
    clientTokens: createClientTokens({ keys: dev, ...devToken }),
    identitySecret: secret,
    devKeys: dev,
  };
}

function clientKeysOf({ jwksUrl, publicKey }: GatewayConfig['token']): ClientKeys | undefined {
  if (jwksUrl && publicKey) throw new Error('Set JWKS_URL or JWT_PUBLIC_KEY, not both');
  if (jwksUrl) return { jwksUrl };
  return publicKey ? { publicKey } : undefined;
}

function clientTokensOf(keys: ClientKeys, { issuer, audience }: GatewayConfig['token']): ClientTokens {
  if (!issuer || !audience)
    throw new Error('With JWKS_URL or JWT_PUBLIC_KEY, set JWT_ISSUER and JWT_AUDIENCE');
  return createClientTokens({ keys, issuer, audience });
}
