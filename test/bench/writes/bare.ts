import { DEMO_TENANT_ID } from '@fellowship/identity';
import postgres from 'postgres';

// The process that runs recorded statements with the driver alone: one connection a client, as the service's role and
// with a tenant, so that row level security holds as it does for ours.

export interface Statement {
  readonly text: string;
  readonly values: readonly unknown[];
}

/** For each client its turns; of each turn the groups that are sent at once. */
export interface Replay {
  readonly url: string;
  readonly clients: readonly (readonly (readonly (readonly Statement[])[])[])[];
}

/** Postgres' own types, whose values the recording has as they are written. */
const WRITTEN = [114, 1184, 3802];

async function connect(url: string): Promise<postgres.Sql> {
  const settings = { role: 'fellowship_service', 'app.tenant_id': DEMO_TENANT_ID };
  const sql = postgres(url, { max: 1, max_lifetime: null, onnotice: () => {}, connection: settings });
  for (const type of WRITTEN) sql.options.serializers[type] = (value: unknown) => value;
  await sql`select 1`;
  return sql;
}

async function run({ url, clients }: Replay): Promise<number> {
  const connections = await Promise.all(clients.map(() => connect(url)));
  const began = performance.now();
  await Promise.all(
    clients.map(async (turns, nth) => {
      const sql = connections[nth];
      for (const group of turns.flat()) {
        const sent = group.map(({ text, values }) =>
          sql?.unsafe(text, [...values] as never[], { prepare: values.length > 0 }).execute(),
        );
        await Promise.all(sent);
      }
    }),
  );
  const seconds = (performance.now() - began) / 1_000;
  await Promise.all(connections.map((sql) => sql.end()));
  return seconds;
}

if (process.send) {
  process.on('message', async (replay: Replay) => {
    process.send?.(await run(replay).catch((error) => String(error)));
  });
  process.on('disconnect', () => process.exit());
}
