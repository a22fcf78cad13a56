import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SubgraphName } from '@fellowship/server';

/** Names what these subgraphs' migrations make: a template is as good as what it was made from. */
export function migrationsHash(...names: readonly SubgraphName[]): string {
  const hash = createHash('sha256');
  for (const name of names) {
    const folder = join(import.meta.dirname, '../../drizzle', name);
    for (const file of readdirSync(folder).sort()) {
      if (file.endsWith('.sql')) hash.update(readFileSync(join(folder, file)));
    }
  }
  return hash.digest('hex').slice(0, 12);
}
