import { createSubgraph as createGroup } from '@fellowship/group';
import { createSubgraph as createGuild } from '@fellowship/guild';
import { createSubgraph as createParty } from '@fellowship/party';
import { createLog } from '@fellowship/server';
import { createDatabase, type TestDatabase } from './database.ts';
import { migrationsHash } from './migrations.ts';

/** A database for all three subgraphs, whose migrations are done. */
export function createGraphDatabase(server?: string): Promise<TestDatabase> {
  const template = {
    name: `template_graph_${migrationsHash('party', 'guild', 'group')}`,
    async prepare(url: string) {
      const deps = { url, migrationUrl: url, log: createLog({ name: 'test', level: 'silent' }) };
      for (const create of [createParty, createGuild, createGroup]) await (await create(deps)).close();
    },
  };
  return createDatabase(template, server);
}
