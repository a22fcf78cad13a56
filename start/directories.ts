import { createHash } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';

export interface Directories {
  /** Keys and secrets (files closed to other users) and `runtime.json`. */
  readonly state: string;
  /** Where the embedded database lies. */
  readonly data: string;
}

/** Where this checkout lies. */
export const checkout = dirname(import.meta.dirname);

/**
 * The directories of this checkout, or of the state directory given in its place. PostgreSQL can't run as root,
 * so root's data has to lie where another user gets to, which a checkout (under /root, say) need not be.
 */
export async function openDirectories(state?: string): Promise<Directories> {
  const directories = state === undefined ? ofCheckout() : within(resolve(state));
  await mkdir(directories.state, { recursive: true });
  return directories;
}

function ofCheckout(): Directories {
  const directories = within(join(checkout, '.fellowship'));
  if (process.getuid?.() !== 0) return directories;
  const name = createHash('sha256').update(checkout).digest('hex').slice(0, 12);
  return { ...directories, data: join('/var/lib/fellowship', name) };
}

function within(state: string): Directories {
  return { state, data: join(state, 'postgres') };
}
