import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readRuntimeFile, writeRuntimeFile } from './runtime-file.ts';

let state: string;
beforeAll(async () => {
  state = await mkdtemp(join(tmpdir(), 'fellowship-runtime-'));
});
afterAll(() => rm(state, { recursive: true }));

test('tells what runs, and nothing where nothing does', async () => {
  expect(await readRuntimeFile(state)).toBeUndefined();
  const runtime = { url: 'http://127.0.0.1:4000', pid: process.pid, topology: 'process' } as const;
  await writeRuntimeFile(state, runtime);
  expect(await readRuntimeFile(state)).toEqual(runtime);
});

test.each(['', 'garbage', 'null', '{}', '{"pid":"1"}'])('%j is refused by its name', async (text) => {
  await writeFile(join(state, 'runtime.json'), text);
  await expect(readRuntimeFile(state)).rejects.toThrow(`${join(state, 'runtime.json')} is damaged`);
});
