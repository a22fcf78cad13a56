import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { concatAST, type DocumentNode, parse, Source } from 'graphql';

const schemaDirectory = join(import.meta.dirname, '../../schema');

/**
 * The type definitions of one subgraph: `schema/common.graphql`, then `schema/<name>/*.graphql` by file name.
 * Read from disk at each call, so call it at start, not in a request. Throws `GraphQLError` with file and
 * line on a syntax error, `ENOENT` for an unknown name.
 *
 * @param directory where `common.graphql` and the subgraphs' folders are; the checkout's `schema/` unless told.
 */
export function loadTypeDefs(subgraph: string, directory = schemaDirectory): DocumentNode {
  const own = readdirSync(join(directory, subgraph))
    .filter((file) => file.endsWith('.graphql'))
    .sort()
    .map((file) => join(subgraph, file));
  const files = ['common.graphql', ...own];
  return concatAST(files.map((file) => parse(new Source(readFileSync(join(directory, file), 'utf8'), file))));
}
