import { databaseUrl, natsUrl, port, readEnvironment } from '@fellowship/server';
import { z } from 'zod';

const text = z.string().optional();

const Environment = z.object({
  NODE_ENV: text,
  FELLOWSHIP_STATE: text,
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']).default('info'),
  GATEWAY_PORT: port.optional(),
  PARTY_PORT: port.optional(),
  GUILD_PORT: port.optional(),
  GROUP_PORT: port.optional(),
  NATS_URL: natsUrl.optional(),
  ACTIVITY_RETENTION_DAYS: z.coerce.number().int().min(1).max(36_500).default(90),
});

const Databases = z.object({
  DATABASE_URL: databaseUrl.optional(),
  MIGRATION_DATABASE_URL: databaseUrl.optional(),
  PARTY_DATABASE_URL: databaseUrl.optional(),
  PARTY_MIGRATION_DATABASE_URL: databaseUrl.optional(),
  GUILD_DATABASE_URL: databaseUrl.optional(),
  GUILD_MIGRATION_DATABASE_URL: databaseUrl.optional(),
  GROUP_DATABASE_URL: databaseUrl.optional(),
  GROUP_MIGRATION_DATABASE_URL: databaseUrl.optional(),
});

export type DatabaseEnvironment = Readonly<z.infer<typeof Databases>>;

export type StartConfiguration = ReturnType<typeof readConfiguration>;

/**
 * What the commands of this package read of their environment. An empty variable is not set. Throws an error that
 * names every variable with a fault.
 */
export function readConfiguration(environment: NodeJS.ProcessEnv) {
  const data = readEnvironment(Environment.extend(Databases.shape), environment);
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
