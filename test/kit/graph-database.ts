import { createSubgraph as createGroup } from '@fellowship/group';
import { createSubgraph as createGuild } from '@fellowship/guild';
import { createSubgraph as createParty } from '@fellowship/party';
import { createLog } from '@fellowship/server';
import { createDatabase, type TestDatabase } from './database.ts';
import { migrationsHash } from './migrations.ts';

/** A database of a test file's own for all three subgraphs, whose migrations are done. */
export function createGraphDatabase(): Promise<TestDatabase> {
  return createDatabase({
    name: `template_graph_${migrationsHash('party', 'guild', 'group')}`,
    async prepare(url) {
      const deps = { url, migrationUrl: url, log: createLog({ name: 'test', level: 'silent' }) };
      for (const create of [createParty, createGuild, createGroup]) await (await create(deps)).close();
    },
  });
}
