import { execFileSync } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Started, startProcess } from './processes.ts';

// What a user would pick instead. Peers live in a package of their own, with a lockfile of their own, so that nobody
// installs them who does not measure.

const directory = join(import.meta.dirname, 'peers');

/** Installs what the peers' lockfile says; a second or so when it is there already. */
export async function installPeers(): Promise<void> {
  const { packageManager } = JSON.parse(
    await readFile(join(import.meta.dirname, '../../package.json'), 'utf8'),
  );
  const args = ['--yes', packageManager, 'install', '--frozen-lockfile', '--prefer-offline', '--silent'];
  execFileSync('npx', args, { cwd: directory, stdio: ['ignore', 'inherit', 'inherit'] });
}

/** Writes our supergraph with the subgraphs where they are, which peers read it from. */
export async function writeSupergraph(path: string, urls: Readonly<Record<string, string>>): Promise<void> {
  const committed = await readFile(join(import.meta.dirname, '../../schema/supergraph.graphql'), 'utf8');
  const placed = Object.entries(urls).reduce(
    (sdl, [name, url]) => sdl.replace(`"http://${name}/graphql"`, `"${url}/graphql"`),
    committed,
  );
  await writeFile(path, placed);
}

/** As its users run it, and at its best: in production, with compiled modules kept as ours are. */
export const peerEnvironment = {
  NODE_ENV: 'production',
  NODE_COMPILE_CACHE: join(directory, 'node_modules/.cache/node'),
};

export function startApolloGateway(supergraph: string, port: number, publicKey?: string): Started {
  return startProcess(join(directory, 'apollo-gateway.js'), {
    environment: {
      ...peerEnvironment,
      SUPERGRAPH: supergraph,
      PORT: String(port),
      ...(publicKey && { JWT_PUBLIC_KEY: publicKey }),
    },
  });
}

/** One process, as all gateways here. */
export function startHiveGateway(supergraph: string, port: number, config: readonly string[] = []): Started {
  const bin = join(directory, 'node_modules/@graphql-hive/gateway/dist/bin.js');
  const args = ['supergraph', supergraph, '--host', '127.0.0.1', '--port', String(port), '--fork', '1'];
  return startProcess(bin, { args: [...args, ...config], environment: peerEnvironment, cwd: directory });
}

/**
 * With its runtime that plans in Rust, an option: measured, 40% of its default runtime's processor an event; with
 * subgraphs over WebSocket, which cost it as much as over SSE (two thirds, in its default runtime).
 */
export const startHiveLive = (supergraph: string, port: number): Started =>
  startHiveGateway(supergraph, port, [
    '--hive-router-runtime',
    '--config-path',
    join(directory, 'hive-live.js'),
  ]);
