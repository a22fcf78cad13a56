import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isRunning } from '@fellowship/embedded-postgres';
import type { Topology } from './stack.ts';

/** What other commands of this checkout find out about the stack that runs. */
export interface Runtime {
  /** The gateway's, without a path. */
  readonly url: string;
  readonly pid: number;
  readonly topology: Topology;
}

const pathIn = (state: string) => join(state, 'runtime.json');

/** Writes `<state>/runtime.json`, whole or not at all. */
export async function writeRuntimeFile(state: string, runtime: Runtime): Promise<void> {
  await writeFile(`${pathIn(state)}.new`, JSON.stringify(runtime));
  await rename(`${pathIn(state)}.new`, pathIn(state));
}

/** The stack that runs with this state directory, or undefined; one that was killed leaves its file behind. Throws on a file that is not ours. */
export async function readRuntimeFile(state: string): Promise<Runtime | undefined> {
  const text = await readFile(pathIn(state), 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  const runtime = parse(text);
  if (!runtime) throw new Error(`${pathIn(state)} is damaged: stop what runs here, and remove the file`);
  return isRunning(runtime.pid) ? runtime : undefined;
}

function parse(text: string): Runtime | undefined {
  try {
    const runtime: Runtime | null = JSON.parse(text);
    return typeof runtime?.pid === 'number' && typeof runtime.url === 'string' ? runtime : undefined;
  } catch {
    return undefined;
  }
}

export async function removeRuntimeFile(state: string): Promise<void> {
  await rm(pathIn(state), { force: true });
}
