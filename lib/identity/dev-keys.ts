import { createPrivateKey, createPublicKey, generateKeyPairSync, randomBytes, randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** The keys of a laptop: whoever has them is any player of any tenant. */
export interface DevKeys {
  /** Ed25519, PEM (PKCS #8). Signs client tokens. */
  readonly privateKey: string;
  /** Its public half, PEM (SPKI), for `createClientTokens`. */
  readonly publicKey: string;
  /** For `signIdentity`. */
  readonly identitySecret: string;
}

/** Where each of them lies in `<directory>/dev-keys/`. */
const FILES: Readonly<Record<keyof DevKeys, string>> = {
  privateKey: 'private-key.pem',
  publicKey: 'public-key.pem',
  identitySecret: 'identity-secret',
};

/**
 * The keys in `<directory>/dev-keys/`, made at first use (files of mode 0600 in a directory of mode 0700).
 * Processes that start at once end up with the same ones. Refused in production, where tokens come from the
 * operator's issuer: throws before anything is read or written.
 *
 * @param directory the state directory; made when missing.
 * @param environment the process's NODE_ENV.
 */
export async function loadOrCreateDevKeys(
  directory: string,
  environment: string | undefined,
): Promise<DevKeys> {
  if (environment === 'production') {
    throw new Error('Development keys are refused with NODE_ENV=production: configure the token issuer');
  }
  const home = join(directory, 'dev-keys');
  try {
    return await load(home);
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw error;
  }
  await mkdir(directory, { recursive: true, mode: 0o700 });
  await publish(generate(), home);
  return load(home);
}

function generate(): DevKeys {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519', {
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  });
  return { privateKey, publicKey, identitySecret: randomBytes(32).toString('base64url') };
}

/**
 * All files at once or none: written to a directory of our own, which then takes its name in one step. Renaming
 * onto a directory that has files fails, so of two processes the first one wins and the other reads its keys.
 */
async function publish(keys: DevKeys, home: string): Promise<void> {
  const draft = `${home}.${randomUUID()}`;
  await mkdir(draft, { mode: 0o700 });
  try {
    for (const key of Object.keys(FILES) as (keyof DevKeys)[]) {
      await writeFile(join(draft, FILES[key]), keys[key], { mode: 0o600, flag: 'wx' });
    }
    await rename(draft, home);
  } catch (error) {
    await rm(draft, { recursive: true, force: true });
    if (!isTaken(error)) throw error;
  }
}

/** The three ways in which systems say that the directory is there already (Windows: EPERM). */
function isTaken(error: unknown): boolean {
  return ['ENOTEMPTY', 'EEXIST', 'EPERM'].includes(codeOf(error) ?? '');
}

async function load(home: string): Promise<DevKeys> {
  const read = (key: keyof DevKeys) => readFile(join(home, FILES[key]), 'utf8');
  const [privateKey, publicKey, identitySecret] = await Promise.all([
    read('privateKey'),
    read('publicKey'),
    read('identitySecret'),
  ]);
  const keys = { privateKey, publicKey, identitySecret };
  for (const key of Object.keys(FILES) as (keyof DevKeys)[]) {
    if (isKey[key](keys[key])) continue;
    throw new Error(
      `${join(home, FILES[key])} is damaged: remove ${home}, and new keys are made at the next start`,
    );
  }
  return keys;
}

/** Asked here: where a key is used, nobody knows its file any more. */
const isKey: Readonly<Record<keyof DevKeys, (text: string) => boolean>> = {
  privateKey: (text) => succeeds(() => createPrivateKey(text)),
  publicKey: (text) => succeeds(() => createPublicKey(text)),
  identitySecret: (text) => text.length >= 32,
};

function succeeds(attempt: () => unknown): boolean {
  try {
    attempt();
    return true;
  } catch {
    return false;
  }
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error ? (error as NodeJS.ErrnoException).code : undefined;
}
