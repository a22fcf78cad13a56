import { existsSync } from 'node:fs';
import { join } from 'node:path';

export const root = join(import.meta.dirname, '..');

export interface MigratedSubgraph {
  readonly name: string;
  /** Exports every Drizzle table (one that it leaves out gets no migration), relative to the checkout. */
  readonly tables: string;
  /** Where its migrations lie, relative to the checkout. */
  readonly folder: string;
}

/** The subgraphs that own tables. */
export const subgraphs: readonly MigratedSubgraph[] = ['party', 'guild', 'group']
  .map((name) => ({ name, tables: `subgraphs/${name}/tables/index.ts`, folder: `drizzle/${name}` }))
  .filter(({ tables }) => existsSync(join(root, tables)));
