import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import type { Viewer } from '@fellowship/identity';
import { createLog, type Subgraph, type SubgraphName, subscribeWithFreshContext } from '@fellowship/server';
import type { SubgraphDeps } from '@fellowship/subgraph';
import { type ExecutionResult, graphql, parse } from 'graphql';
import { cursorIn } from './cursor.ts';
import { createDatabase, type TestDatabase } from './database.ts';
import { migrationsHash } from './migrations.ts';

export const tenantA = '0000000a-0000-4000-8000-000000000000';
export const tenantB = '0000000b-0000-4000-8000-000000000000';
export const communityA = 'c000000a-0000-4000-8000-000000000000';
export const communityB = 'c000000b-0000-4000-8000-000000000000';

/** A player to call as. New each time, in tenant A and community A unless told. */
export function viewer(differing: Partial<Viewer> = {}): Viewer {
  return {
    playerId: randomUUID(),
    tenantId: tenantA,
    communities: [communityA],
    scopes: [],
    expiresAt: new Date(Date.now() + 3_600_000),
    ...differing,
  };
}

// biome-ignore lint/suspicious/noExplicitAny: a test reads what it selected; a wrong path is undefined and fails.
export type Data = any;

export interface TestSubgraph {
  readonly subgraph: Subgraph;
  readonly database: TestDatabase;
  /** Runs an operation as a player and returns its data. Throws on a top-level error. */
  run(as: Viewer, source: string, variables?: object): Promise<Data>;
  /** The same, errors and all. */
  execute(as: Viewer, source: string, variables?: object): Promise<ExecutionResult>;
  /** A mutation as a one-liner: runs it with an input, answers its `payload` and its errors. */
  mutation(name: string, payload: string): (as: Viewer, input: object) => Promise<Data>;
  /** Every row of every table that is put behind its tenant: all that the subgraph holds. */
  contents(): Promise<object>;
  /** Runs what a rule forbids: it is denied with the code, and nothing in the database has changed. */
  expectDenied(code: string, attempt: () => Promise<Data>): Promise<void>;
  /** Opens a subscription as a player. */
  subscribe(
    as: Viewer,
    source: string,
    variables?: object,
  ): Promise<AsyncGenerator<ExecutionResult, void, void>>;
  /** A cursor of one of its logs, so many events (none unless told) before its end. */
  cursor(subject: string, back?: number): Promise<string>;
  /** The texts of the SQL statements that `work` sends, without setting tenants and what drivers ask for themselves. */
  statements(work: () => Promise<unknown>): Promise<string[]>;
  close(): Promise<void>;
}

/** A subgraph on a database of its own, called without HTTP. */
export async function startSubgraph(
  name: SubgraphName,
  createSubgraph: (deps: SubgraphDeps) => Promise<Subgraph>,
  differing: Partial<SubgraphDeps> = {},
): Promise<TestSubgraph> {
  const log = createLog({ name, level: process.env['LOG_LEVEL'] ?? 'silent' });
  const prepare = async (url: string) => {
    const migrated = await createSubgraph({ url, migrationUrl: url, log });
    await migrated.close();
  };
  const database = await createDatabase({ name: `template_${name}_${migrationsHash(name)}`, prepare });
  const { url } = database;
  let heard: string[] = [];
  const onStatement = (text: string) => heard.push(text);
  const subgraph = await createSubgraph({
    url,
    migrationUrl: url,
    log,
    onStatement,
    slowReads: 60_000,
    ...differing,
  });
  const { schema } = subgraph;

  const execute = async (as: Viewer, source: string, variables: object = {}) =>
    graphql({ schema, source, contextValue: subgraph.context(as, 'test'), variableValues: { ...variables } });

  const run: TestSubgraph['run'] = async (as, source, variables) => {
    const { data, errors } = await execute(as, source, variables);
    if (errors) throw errors[0]?.originalError ?? errors[0];
    return data;
  };

  return {
    subgraph,
    database,
    execute,
    run,
    mutation: (mutation, payload) => async (as, input) => {
      const type = `${mutation[0]?.toUpperCase()}${mutation.slice(1)}Input!`;
      const source = `mutation ($input: ${type}) { ${mutation}(input: $input) { ${payload} errors { code path } } }`;
      return (await run(as, source, { input }))[mutation];
    },
    contents: () => contents(database),
    async expectDenied(code, attempt) {
      const before = await contents(database);
      const { errors } = await attempt();
      assert.deepEqual(
        errors.map((error: Data) => error.code),
        [code],
      );
      assert.deepEqual(await contents(database), before);
    },
    async subscribe(as, source, variables = {}) {
      const args = { schema, document: parse(source), variableValues: { ...variables } };
      const stream = await subscribeWithFreshContext(args, () => subgraph.context(as, 'test'));
      if ('errors' in stream) throw stream.errors?.[0];
      return stream as AsyncGenerator<ExecutionResult, void, void>;
    },
    cursor: (subject, back = 0) => cursorIn(database, schemaNames[name], subject, back),
    async statements(work) {
      heard = [];
      await work();
      return heard.filter((text) => !/set_config|pg_catalog\.pg_type/.test(text));
    },
    async close() {
      await subgraph.close();
      await database.drop();
    },
  };
}

const schemaNames: Record<SubgraphName, string> = { party: 'party', guild: 'guild', group: 'social_group' };

async function contents({ sql }: TestDatabase): Promise<object> {
  const tables = await sql<{ name: string }[]>`
    select c.oid::regclass::text as name from pg_class c where c.relrowsecurity and c.relkind in ('r', 'p') order by 1`;
  const rows = tables.map(async ({ name }) => [
    name,
    await sql.unsafe(`select to_jsonb(t) as row from ${name} t order by to_jsonb(t)::text`),
  ]);
  return Object.fromEntries(await Promise.all(rows));
}
