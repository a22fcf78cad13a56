import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { loadTypeDefs } from '@fellowship/graphql';
import type { DocumentNode } from 'graphql';

export interface SubgraphTypeDefs {
  readonly name: string;
  readonly typeDefs: DocumentNode;
}

/** The subgraphs whose schema is written: every folder of `schema/` with `.graphql` files in it. */
export function loadSubgraphs(): SubgraphTypeDefs[] {
  return readdirSync(import.meta.dirname, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && hasTypeDefs(entry.name))
    .map(({ name }) => ({ name, typeDefs: loadTypeDefs(name) }))
    .sort((a, b) => a.name.localeCompare(b.name));
}

function hasTypeDefs(folder: string): boolean {
  return readdirSync(join(import.meta.dirname, folder)).some((file) => file.endsWith('.graphql'));
}
