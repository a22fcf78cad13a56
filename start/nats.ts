import { join } from 'node:path';
import { findNatsServer, startNatsServer } from '@fellowship/nats-server';
import type { StackOptions } from './stack.ts';

/**
 * The NATS that a cluster shares: the environment's, else one of our own where this machine has the program.
 * Without either the processes hear of one another through the database.
 */
export async function openNats(
  { environment, directories, createLog }: Pick<StackOptions, 'environment' | 'directories' | 'createLog'>,
  resources: AsyncDisposableStack,
): Promise<string | undefined> {
  if (environment['NATS_URL']) return environment['NATS_URL'];
  const program = findNatsServer();
  if (!program) {
    createLog('start').warn('There is no nats-server here, so events go through the database alone');
    return undefined;
  }
  const server = await startNatsServer(program, join(directories.state, 'nats'));
  resources.defer(() => server.stop());
  return server.url;
}
