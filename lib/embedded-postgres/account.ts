import { chmod, mkdir, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';

/** The user that the server runs as, given to `spawn`. Empty: the user that we are. */
export interface ServerAccount {
  readonly uid?: number;
  readonly gid?: number;
}

/** `nobody` of Debian, Fedora, Arch and their images: it needs no useradd. */
const NOBODY = { uid: 65534, gid: 65534 };

/** PostgreSQL refuses to run as root, so there it runs as `nobody`. */
export function serverAccount(): ServerAccount {
  return process.getuid?.() === 0 ? NOBODY : {};
}

/** The outermost directory on the way to `path` that `nobody` can't enter, or undefined. */
export async function closedDirectory(path: string): Promise<string | undefined> {
  const parent = dirname(resolve(path));
  const above = parent === path ? undefined : await closedDirectory(parent);
  if (above !== undefined) return above;
  return ((await stat(path)).mode & 0o001) === 0 ? path : undefined;
}

/** Makes a directory, and what is missing above it, so that others can enter it, whatever our umask says. */
export async function makeOpenDirectory(path: string): Promise<void> {
  const first = await mkdir(path, { recursive: true });
  if (first === undefined) return;
  for (let made = resolve(path); made.length >= first.length; made = dirname(made)) await chmod(made, 0o755);
}
