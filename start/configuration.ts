import { z } from 'zod';

const port = z.coerce.number({ error: 'must be a port' }).int().min(0).max(65_535).optional();
const text = z.string().optional();
const databaseUrl = z.url({ protocol: /^postgres(ql)?$/, error: 'must be a postgres:// URL' }).optional();

const Environment = z.object({
  NODE_ENV: text,
  FELLOWSHIP_STATE: text,
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']).default('info'),
  GATEWAY_PORT: port,
  PARTY_PORT: port,
  GUILD_PORT: port,
  GROUP_PORT: port,
  NATS_URL: text,
  ACTIVITY_RETENTION_DAYS: z.coerce.number().int().min(1).max(36_500).default(90),
});

const Databases = z.object({
  DATABASE_URL: databaseUrl,
  MIGRATION_DATABASE_URL: databaseUrl,
  PARTY_DATABASE_URL: databaseUrl,
  PARTY_MIGRATION_DATABASE_URL: databaseUrl,
  GUILD_DATABASE_URL: databaseUrl,
  GUILD_MIGRATION_DATABASE_URL: databaseUrl,
  GROUP_DATABASE_URL: databaseUrl,
  GROUP_MIGRATION_DATABASE_URL: databaseUrl,
});

export type DatabaseEnvironment = Readonly<z.infer<typeof Databases>>;

export type StartConfiguration = ReturnType<typeof readConfiguration>;

/**
 * What the commands of this package read of their environment. An empty variable is not set. Throws an error that
 * names every variable with a fault.
 */
export function readConfiguration(environment: NodeJS.ProcessEnv) {
  const set = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''));
  const { success, data, error } = Environment.extend(Databases.shape).safeParse(set);
  if (!success) throw new Error(`The environment is not right:\n${z.prettifyError(error)}`);
  return {
    production: data.NODE_ENV === 'production',
    /** A state directory in place of the checkout's `.fellowship`. */
    state: data.FELLOWSHIP_STATE,
    logLevel: data.LOG_LEVEL,
    /** Those that were asked for; 0 is any free one. */
    ports: {
      gateway: data.GATEWAY_PORT,
      party: data.PARTY_PORT,
      guild: data.GUILD_PORT,
      group: data.GROUP_PORT,
    },
    /** Days that events are kept. */
    retentionDays: data.ACTIVITY_RETENTION_DAYS,
    natsUrl: data.NATS_URL,
    databases: Databases.parse(data),
  };
}
