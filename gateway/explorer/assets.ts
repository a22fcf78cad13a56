import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, extname, join } from 'node:path';
import { getStaticFile } from 'ruru/static';

const require = createRequire(import.meta.url);
const CONTENT_TYPES: Record<string, string> = {
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
};

type File = { content: Buffer; headers: Record<string, string> };

export type Assets = {
  /** URL paths of the three folders, each ending in a slash. */
  bases: { ruru: string; graphqlWs: string; page: string };
  /** The file at a URL path, compressed where the browser takes that, or null. */
  read(urlPath: string, acceptEncoding: string | string[] | undefined): Promise<File | null>;
};

/**
 * The explorer's static files: GraphiQL as `ruru` packs it, graphql-ws's client as it lies in its package, and the
 * page's own. Ruru keeps its files compressed in memory (4 MB, from the first request on); the others are 40 kB.
 */
export async function openAssets(): Promise<Assets> {
  const ruruFolder = dirname(require.resolve('ruru/static'));
  const graphqlWsFolder = dirname(require.resolve('graphql-ws/client'));
  const graphqlWs = await readFolder(graphqlWsFolder, /^(client|common-.+)\.js$/);
  const own = await readFolder(join(import.meta.dirname, 'page'), /^[a-z-]+\.(js|css)$/);
  const bases = {
    ruru: `/explorer/ruru-${await versionOf(ruruFolder)}/`,
    graphqlWs: `/explorer/graphql-ws-${await versionOf(graphqlWsFolder)}/`,
    page: `/explorer/page-${hashOf(own)}/`,
  };
  const files = new Map([...below(bases.graphqlWs, graphqlWs), ...below(bases.page, own)]);

  return {
    bases,
    async read(urlPath, acceptEncoding) {
      if (!urlPath.startsWith(bases.ruru)) return files.get(urlPath) ?? null;
      return getStaticFile({ staticPath: bases.ruru, urlPath, acceptEncoding, disallowDevAssets: true });
    },
  };
}

async function readFolder(folder: string, names: RegExp): Promise<Map<string, Buffer>> {
  const matching = (await readdir(folder)).filter((name) => names.test(name)).sort();
  return new Map(
    await Promise.all(matching.map(async (name) => [name, await readFile(join(folder, name))] as const)),
  );
}

/** Ruru does not export its package.json, so both are read from beside their `dist`. */
async function versionOf(dist: string): Promise<string> {
  const { version }: { version: string } = JSON.parse(
    await readFile(join(dist, '..', 'package.json'), 'utf8'),
  );
  return version;
}

function hashOf(contents: Map<string, Buffer>): string {
  const hash = createHash('sha256');
  for (const content of contents.values()) hash.update(content);
  return hash.digest('hex').slice(0, 12);
}

function below(base: string, contents: Map<string, Buffer>): [string, File][] {
  return [...contents].map(([name, content]) => [
    base + name,
    { content, headers: { 'content-type': CONTENT_TYPES[extname(name)] ?? 'application/octet-stream' } },
  ]);
}
