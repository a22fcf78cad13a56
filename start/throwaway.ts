import { chmod, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLog } from '@fellowship/server';
import { readConfiguration } from './configuration.ts';
import { type Stack, startStack, type Topology } from './stack.ts';

export interface ThrowawayStack extends Stack {
  /** Where its development keys are, for `loadOrCreateDevKeys`. Gone after `stop`, like everything else of it. */
  readonly state: string;
}

/**
 * A stack for tests, in either topology: free ports, an empty database, all of it removed by `stop`. Only
 * warnings are logged; `environment` may ask for more, and for anything else that the parts read there.
 */
export async function startThrowawayStack(
  topology: Topology,
  environment: NodeJS.ProcessEnv = {},
): Promise<ThrowawayStack> {
  const home = await mkdtemp(join(tmpdir(), 'fellowship-stack-'));
  // Root's PostgreSQL runs as another user, who has to get through to the data.
  await chmod(home, 0o711);
  const directories = { state: join(home, 'state'), data: join(home, 'data') };
  await mkdir(directories.state, { mode: 0o700 });

  const ports = { GATEWAY_PORT: '0', PARTY_PORT: '0', GUILD_PORT: '0', GROUP_PORT: '0' };
  const completed = { ...ports, LOG_LEVEL: 'warn', ...environment };
  const { logLevel: level } = readConfiguration(completed);
  const createLogFor = (name: string) => createLog({ name, level, pretty: true });
  const remove = () => rm(home, { recursive: true, force: true });
  try {
    const options = { topology, environment: completed, directories, durable: false };
    const stack = await startStack({ ...options, createLog: createLogFor });
    return { ...stack, state: directories.state, stop: () => stack.stop().then(remove) };
  } catch (error) {
    await remove();
    throw error;
  }
}
