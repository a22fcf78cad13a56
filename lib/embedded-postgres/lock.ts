import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/** A data directory that is ours until `release`, or until this process ends in whatever way. */
export interface DirectoryLock {
  release(): void;
}

/**
 * Takes the data directory for this process; throws one sentence where another process has it.
 *
 * The lock is SQLite's on an empty file: Node has no `flock`, and this is the one lock of the kernel's
 * that it gives. Unlike a file with a process id in it, it is gone when its process is (kill -9 too),
 * and there is no moment when two that find a stale one both take it. `owner` is for the message only.
 */
export function lockDirectory(directory: string): DirectoryLock {
  const owner = join(directory, 'owner');
  const lock = new DatabaseSync(join(directory, 'lock'), { timeout: 0 });
  try {
    lock.exec('begin exclusive');
  } catch (cause) {
    lock.close();
    throw new Error(
      `The database in ${directory} is in use by another process (${readOwner(owner)}): stop that one first.`,
      { cause },
    );
  }
  writeFileSync(owner, String(process.pid));
  return { release: () => lock.close() };
}

function readOwner(path: string): string {
  try {
    return `pid ${readFileSync(path, 'utf8')}`;
  } catch {
    return 'its pid is not known yet';
  }
}
