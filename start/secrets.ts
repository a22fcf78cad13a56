import { randomBytes } from 'node:crypto';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';

const Secrets = z.object({ ownerPassword: z.string().min(1), servicePassword: z.string().min(1) });

/** The passwords of the embedded database's roles. They stay the same, so that saved connections keep working. */
export type DatabaseSecrets = z.infer<typeof Secrets>;

/** The secrets in `<state>/secrets.json` (mode 0600), made at first use. */
export async function loadOrCreateSecrets(state: string): Promise<DatabaseSecrets> {
  const path = join(state, 'secrets.json');
  try {
    return Secrets.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT')
      throw new Error(`${path} can't be used`, { cause: error });
  }
  const secrets = { ownerPassword: password(), servicePassword: password() };
  await writeFile(`${path}.new`, JSON.stringify(secrets), { mode: 0o600 });
  await rename(`${path}.new`, path);
  return secrets;
}

function password(): string {
  return randomBytes(24).toString('base64url');
}
