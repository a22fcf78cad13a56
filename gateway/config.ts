import {
  type ClientKeys,
  type ClientTokens,
  createClientTokens,
  DEV_AUDIENCE,
  DEV_ISSUER,
  type DevKeys,
  loadOrCreateDevKeys,
} from '@fellowship/identity';
import { z } from 'zod';
import { DEFAULT_LIMITS } from './limits/limits.ts';
import { DEFAULT_SOCKET_LIMITS } from './subscriptions/socket.ts';

type Env = Readonly<Record<string, string | undefined>>;

const url = z.url({ protocol: /^https?$/ }).optional();
const limit = (fallback: number) => z.coerce.number().int().positive().default(fallback);

const variables = z.object({
  NODE_ENV: z.string().default('development'),
  GATEWAY_HOST: z.string().default('127.0.0.1'),
  GATEWAY_PORT: z.coerce.number().int().min(0).max(65_535).default(4000),
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
  LIMIT_TOKENS: limit(DEFAULT_LIMITS.tokens),
  LIMIT_DEPTH: limit(DEFAULT_LIMITS.depth),
  LIMIT_ALIASES: limit(DEFAULT_LIMITS.aliases),
  LIMIT_ROOT_FIELDS: limit(DEFAULT_LIMITS.rootFields),
  LIMIT_DIRECTIVES: limit(DEFAULT_LIMITS.directives),
  LIMIT_SELECTIONS: limit(DEFAULT_LIMITS.selections),
  LIMIT_COST: limit(DEFAULT_LIMITS.cost),
  LIMIT_SOCKETS: limit(DEFAULT_SOCKET_LIMITS.sockets),
  LIMIT_SOCKET_OPERATIONS: limit(DEFAULT_SOCKET_LIMITS.operations),
  LIMIT_PLAYER_SUBSCRIPTIONS: limit(DEFAULT_SOCKET_LIMITS.playerSubscriptions),
  LIMIT_MESSAGE_BYTES: limit(DEFAULT_SOCKET_LIMITS.messageBytes),
  LIMIT_INIT_MS: limit(DEFAULT_SOCKET_LIMITS.initTimeout),
  ALLOWED_ORIGINS: z.string().default(''),
});

export type GatewayConfig = ReturnType<typeof readGatewayConfig>;

/**
 * What the environment says. Throws an error that names every variable with a fault. An empty one is not set.
 */
export function readGatewayConfig(env: Env) {
  const set = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''));
  const parsed = variables.safeParse(set);
  if (!parsed.success) throw new Error(`The configuration has faults:\n${z.prettifyError(parsed.error)}`);
  const v = parsed.data;
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
    explorer: v.EXPLORER ?? !production,
    limits: {
      tokens: v.LIMIT_TOKENS,
      depth: v.LIMIT_DEPTH,
      aliases: v.LIMIT_ALIASES,
      rootFields: v.LIMIT_ROOT_FIELDS,
      directives: v.LIMIT_DIRECTIVES,
      selections: v.LIMIT_SELECTIONS,
      cost: v.LIMIT_COST,
    },
    socketLimits: {
      ...DEFAULT_SOCKET_LIMITS,
      sockets: v.LIMIT_SOCKETS,
      operations: v.LIMIT_SOCKET_OPERATIONS,
      playerSubscriptions: v.LIMIT_PLAYER_SUBSCRIPTIONS,
      messageBytes: v.LIMIT_MESSAGE_BYTES,
      initTimeout: v.LIMIT_INIT_MS,
      origins: v.ALLOWED_ORIGINS.split(',')
        .map((origin) => origin.trim())
        .filter(Boolean),
    },
  };
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
