import { createSubgraph as createGroup } from '@fellowship/group';
import { createSubgraph as createGuild } from '@fellowship/guild';
import { createSubgraph as createParty } from '@fellowship/party';
import { createLog, type Subgraph, type SubgraphName } from '@fellowship/server';
import type { SubgraphDeps } from '@fellowship/subgraph';
import postgres from 'postgres';

const log = createLog({ name: 'bench', level: 'warn' });

/** A subgraph on a database, called without HTTP. It migrates first. */
export function openSubgraph(
  name: SubgraphName,
  url: string,
  differing: Partial<SubgraphDeps> = {},
): Promise<Subgraph> {
  const deps = { url, migrationUrl: url, log, ...differing };
  if (name === 'party') return createParty(deps);
  if (name === 'guild') return createGuild(deps);
  return createGroup({ ...deps, gatewayUrl: () => 'http://127.0.0.1' });
}

/** A new, migrated database on the server; returns its URL. */
export async function createDatabase(serverUrl: string, name: string): Promise<string> {
  const admin = postgres(serverUrl, { max: 1, onnotice: () => {} });
  await admin`create database ${admin(name)}`;
  await admin.end();
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  for (const subgraph of ['party', 'guild', 'group'] as const) {
    await (await openSubgraph(subgraph, url.href)).close();
  }
  return url.href;
}
