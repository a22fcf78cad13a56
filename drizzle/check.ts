// `pnpm check:migrations`: fails when a subgraph's tables are not what its migrations make.
//
// Compares drizzle-kit's picture of the tables with the one saved by the last migration. Generating into a
// copy and looking for a new file was tried: it asks at the terminal as soon as something may be a rename.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { generateDrizzleJson } from 'drizzle-kit/api';
import { type MigratedSubgraph, root, subgraphs } from './subgraphs.ts';

for (const subgraph of subgraphs) {
  if (!isDeepStrictEqual(await picture(subgraph), lastPicture(subgraph))) {
    console.error(
      `The tables of ${subgraph.name} have changed without a migration. Run \`pnpm migration --name <what-changes>\`.`,
    );
    process.exitCode = 1;
  }
}

async function picture({ tables }: MigratedSubgraph): Promise<unknown> {
  return withoutIdentity(JSON.stringify(generateDrizzleJson(await import(join(root, tables)))));
}

function lastPicture({ folder }: MigratedSubgraph): unknown {
  const meta = join(root, folder, 'meta');
  if (!existsSync(meta)) return undefined;
  const journal: { entries: { idx: number }[] } = JSON.parse(
    readFileSync(join(meta, '_journal.json'), 'utf8'),
  );
  const last = String(journal.entries.at(-1)?.idx).padStart(4, '0');
  return withoutIdentity(readFileSync(join(meta, `${last}_snapshot.json`), 'utf8'));
}

/** `id` and `prevId` chain the snapshots; `_meta` holds the renames answered at the terminal. */
function withoutIdentity(snapshot: string): unknown {
  const { id: _, prevId: __, _meta, ...tables } = JSON.parse(snapshot);
  return tables;
}
