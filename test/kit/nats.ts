import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findNatsServer, type NatsServer, startNatsServer } from '@fellowship/nats-server';
import { describe } from 'vitest';

const program = findNatsServer();

/** `describe` for tests that need a NATS server. Without the program they are skipped, and that is said aloud. */
export function describeWithNats(name: string, tests: () => void): void {
  if (!program)
    console.warn(`\nSKIPPED, for want of the program nats-server (Debian: nats-server): ${name}\n`);
  describe.skipIf(!program)(name, tests);
}

/** A server of a test file's own. */
export async function startTestNats(): Promise<NatsServer> {
  if (!program) throw new Error('There is no nats-server');
  const directory = await mkdtemp(join(tmpdir(), 'fellowship-nats-'));
  const server = await startNatsServer(program, directory);
  return {
    ...server,
    async stop(signal) {
      await server.stop(signal);
      if (signal === undefined) await rm(directory, { recursive: true, force: true });
    },
  };
}
