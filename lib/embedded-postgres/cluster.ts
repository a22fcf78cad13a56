import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chown, mkdtemp, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { ServerAccount } from './account.ts';
import type { Binaries } from './binaries.ts';

/** An initialised cluster: its files and the password of its superuser `postgres`. */
export interface Cluster {
  readonly directory: string;
  readonly password: string;
}

export interface ClusterOptions {
  readonly dataDirectory: string;
  readonly binaries: Binaries;
  readonly account: ServerAccount;
  readonly durable: boolean;
}

/** The cluster in `<dataDirectory>/cluster`, made when there is none. To be called under the lock. */
export async function openCluster(options: ClusterOptions): Promise<Cluster> {
  const home = join(options.dataDirectory, 'cluster');
  const made = await stat(home).then(
    () => true,
    () => false,
  );
  if (!made) await createCluster(home, options);
  return { directory: join(home, 'data'), password: await readFile(join(home, 'password'), 'utf8') };
}

/**
 * Files and password are made under another name and moved into place in one step: an initdb that was
 * interrupted leaves nothing that looks like a cluster, only rubbish that the next one removes.
 */
async function createCluster(home: string, options: ClusterOptions): Promise<void> {
  for (const name of await readdir(options.dataDirectory)) {
    if (name.startsWith('cluster.new-')) {
      await rm(join(options.dataDirectory, name), { recursive: true, maxRetries: 5 });
    }
  }
  const temporary = await mkdtemp(join(options.dataDirectory, 'cluster.new-'));
  const password = join(temporary, 'password');
  await writeFile(password, randomBytes(24).toString('base64url'), { mode: 0o600, flush: true });
  const { uid, gid } = options.account;
  if (uid !== undefined && gid !== undefined) {
    await chown(temporary, uid, gid);
    await chown(password, uid, gid);
  }
  await initdb(join(temporary, 'data'), password, options);
  await rename(temporary, home);
}

async function initdb(directory: string, passwordFile: string, options: ClusterOptions): Promise<void> {
  // The builtin provider knows Unicode by itself, so the same on every machine, whatever its locales.
  const locale = ['--encoding=UTF8', '--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'];
  await promisify(execFile)(
    options.binaries.initdb,
    [
      `--pgdata=${directory}`,
      '--username=postgres',
      `--pwfile=${passwordFile}`,
      '--auth=scram-sha-256',
      ...locale,
      ...(options.durable ? [] : ['--no-sync']),
    ],
    { cwd: options.dataDirectory, env: serverEnvironment(), ...options.account },
  );
}

/** Nothing of ours: no PGDATA of the developer's own server, and no secrets. */
export function serverEnvironment(): NodeJS.ProcessEnv {
  const { PATH, SystemRoot } = process.env;
  return { PATH, SystemRoot, LC_ALL: 'C' };
}
