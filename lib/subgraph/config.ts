import {
  databaseUrl,
  type Environment,
  type ExecutorKind,
  natsUrl,
  port,
  readEnvironment,
  type SubgraphName,
} from '@fellowship/server';
import { z } from 'zod';

const ports: Readonly<Record<SubgraphName, number>> = { party: 8084, guild: 8007, group: 8085 };

/** What a subgraph's process is told by its environment. `PARTY_…` stands for the subgraph's own name. */
export interface SubgraphConfig {
  readonly production: boolean;
  /** SUBGRAPH_HOST: the address to listen on. */
  readonly host: string;
  /** PARTY_PORT. */
  readonly port: number;
  /** PARTY_DATABASE_URL, else DATABASE_URL. */
  readonly url: string;
  /** PARTY_MIGRATION_DATABASE_URL, else MIGRATION_DATABASE_URL, else the service's. */
  readonly migrationUrl: string;
  /** ACTIVITY_RETENTION_DAYS: how long events are kept. */
  readonly retentionDays: number;
  /** NATS_URL: where events are passed on to and heard from, in place of the database. */
  readonly natsUrl: string | undefined;
  /** IDENTITY_SECRET: shared with the gateway, 32 characters or more. */
  readonly identitySecret: string;
  /** IDENTITY_SECRET_PREVIOUS: the one before, while gateways still have it. */
  readonly previousIdentitySecret: string | undefined;
  /**
   * RATE_LIMIT_DATABASE_URL and RATE_LIMIT_MIGRATION_DATABASE_URL: where processes count rates together. Without,
   * each does in its memory.
   */
  readonly rateDatabase: { readonly url: string; readonly migrationUrl: string } | undefined;
  /** LOG_LEVEL. */
  readonly logLevel: string;
  /** INTROSPECTION: on outside production unless told. */
  readonly introspection: boolean;
  /** EXECUTOR: as the gateway's. */
  readonly executor: ExecutorKind;
}

/** Throws an error that names every variable with a fault. An empty variable is not set. */
export function readSubgraphConfig(name: SubgraphName, environment: Environment): SubgraphConfig {
  const own = (suffix: string) => environment[`${name.toUpperCase()}_${suffix}`] || undefined;
  const any = (variable: string) => environment[variable] || undefined;
  const production = any('NODE_ENV') === 'production';
  const url = own('DATABASE_URL') ?? any('DATABASE_URL');
  const values = {
    host: any('SUBGRAPH_HOST') ?? '127.0.0.1',
    port: own('PORT') ?? String(ports[name]),
    url,
    migrationUrl: own('MIGRATION_DATABASE_URL') ?? any('MIGRATION_DATABASE_URL') ?? url,
    retentionDays: any('ACTIVITY_RETENTION_DAYS') ?? '90',
    natsUrl: any('NATS_URL'),
    identitySecret: any('IDENTITY_SECRET'),
    previousIdentitySecret: any('IDENTITY_SECRET_PREVIOUS'),
    rateUrl: any('RATE_LIMIT_DATABASE_URL'),
    rateMigrationUrl: any('RATE_LIMIT_MIGRATION_DATABASE_URL'),
    logLevel: any('LOG_LEVEL') ?? 'info',
    introspection: any('INTROSPECTION') ?? String(!production),
    executor: any('EXECUTOR') ?? 'compiled',
  };
  const parsed = readEnvironment(variables, values, `The ${name} subgraph's environment`);
  const { rateUrl, rateMigrationUrl, natsUrl, previousIdentitySecret, ...config } = parsed;
  const rateDatabase = rateUrl ? { url: rateUrl, migrationUrl: rateMigrationUrl ?? rateUrl } : undefined;
  return { ...config, production, natsUrl, previousIdentitySecret, rateDatabase };
}

const variables = z.object({
  host: z.string(),
  port,
  url: databaseUrl,
  migrationUrl: databaseUrl,
  retentionDays: z.coerce.number().int().min(1).max(36_500),
  natsUrl: natsUrl.optional(),
  rateUrl: databaseUrl.optional(),
  rateMigrationUrl: databaseUrl.optional(),
  identitySecret: z.string({ error: 'IDENTITY_SECRET is needed, 32 characters or more' }).min(32),
  previousIdentitySecret: z.string().min(32).optional(),
  logLevel: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']),
  introspection: z.stringbool(),
  executor: z.enum(['compiled', 'apollo']),
});
