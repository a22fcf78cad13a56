import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { anyFreePort } from '@fellowship/embedded-postgres';
import { entryOf, until } from './world.ts';

/** A process of our own beside the cluster's, with an environment that differs. */
export interface Side {
  readonly url: string;
  readonly child: ChildProcess;
  /** Ends it in order, and starts it again on its port with something changed. */
  restart(changes: NodeJS.ProcessEnv): Promise<void>;
  stop(): Promise<void>;
}

const follow = new URL('../../start/follow-launcher.ts', import.meta.url).href;

/** Resolves when it is ready. `preload`: a module to load first. */
export async function startSide(
  service: 'gateway' | 'party' | 'guild' | 'group',
  environment: NodeJS.ProcessEnv,
  preload: readonly string[] = [],
): Promise<Side> {
  const port = String(await anyFreePort());
  const url = `http://127.0.0.1:${port}`;
  let env = { ...environment, [`${service.toUpperCase()}_PORT`]: port };
  const imports = [follow, ...preload].flatMap((module) => ['--import', module]);

  async function launch(): Promise<ChildProcess> {
    const child = spawn(process.execPath, [...imports, entryOf(service)], {
      env,
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    await until(`the other ${service} is ready`, async () => (await fetch(`${url}/readyz`)).ok, 60).catch(
      async (error) => {
        await end(child);
        throw error;
      },
    );
    return child;
  }
  let child = await launch();
  return {
    url,
    get child() {
      return child;
    },
    async restart(changes) {
      await end(child);
      env = { ...env, ...changes };
      child = await launch();
    },
    stop: () => end(child),
  };
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGTERM');
  const late = setTimeout(() => child.kill('SIGKILL'), 15_000);
  await once(child, 'exit');
  clearTimeout(late);
}
