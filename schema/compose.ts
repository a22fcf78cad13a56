// `pnpm schema`: composes the subgraphs' schemas and writes what is made from them. With `--check`, writes
// nothing and fails when what is committed is not what the schemas say.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { GraphQLError } from 'graphql';
import { findUndescribed } from './descriptions.ts';
import { generateResolverTypes } from './resolver-types.ts';
import { loadSubgraphs, type SubgraphTypeDefs } from './subgraphs.ts';
import { composeSupergraph, printApi } from './supergraph.ts';

const root = join(import.meta.dirname, '..');

try {
  const files = await makeFiles(loadSubgraphs());
  if (process.argv.includes('--check')) check(files);
  else for (const [path, content] of files) writeFileSync(join(root, path), content);
} catch (error) {
  // A mistake in a schema. These print with file and line; a stack adds nothing.
  if (!(error instanceof GraphQLError || error instanceof AggregateError)) throw error;
  fail(String(error));
}

/** Path in the checkout -> content. */
async function makeFiles(subgraphs: readonly SubgraphTypeDefs[]): Promise<Map<string, string>> {
  const { sdl, api, warnings } = composeSupergraph(subgraphs);
  if (warnings.length > 0) fail(`Composition warns:\n  ${warnings.join('\n  ')}`);
  const undescribed = findUndescribed(api);
  if (undescribed.length > 0) fail(`Without a description:\n  ${undescribed.join('\n  ')}`);

  const files = new Map([
    ['schema/supergraph.graphql', sdl],
    ['schema/api.graphql', printApi(api)],
  ]);
  for (const subgraph of subgraphs) {
    files.set(`subgraphs/${subgraph.name}/schema.generated.ts`, await generateResolverTypes(subgraph));
  }
  return files;
}

function check(files: ReadonlyMap<string, string>): void {
  const stale = [...files].filter(([path, content]) => read(path) !== content).map(([path]) => path);
  if (stale.length > 0) fail(`Not what the schemas say. Run \`pnpm schema\`:\n  ${stale.join('\n  ')}`);
}

function read(path: string): string | undefined {
  const absolute = join(root, path);
  return existsSync(absolute) ? readFileSync(absolute, 'utf8') : undefined;
}

function fail(message: string): void {
  console.error(message);
  process.exitCode = 1;
}
