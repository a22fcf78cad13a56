import { chmod, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadOrCreateDevKeys } from '@fellowship/identity';
import { findNatsServer, startNatsServer } from '@fellowship/nats-server';
import { createLog } from '@fellowship/server';
import { startStack } from '@fellowship/start';
import { putNetworkBefore } from './bus.ts';
import { startDatabase } from './database.ts';
import { setStage } from './scenes.ts';
import type { World } from './world.ts';

/** A few players do what a thousand would. */
const unlimited = { LIMIT_PLAYER_POINTS: '1000000000', LIMIT_ADDRESS_POINTS: '1000000000' };

/** A cluster on a durable database and NATS of its own, all of it removed with `resources`. */
export async function startWorld(
  random: () => number,
  resources: AsyncDisposableStack,
  say: (text: string) => void,
): Promise<World> {
  const home = await mkdtemp(join(tmpdir(), 'fellowship-faults-'));
  resources.defer(() => rm(home, { recursive: true, force: true }));
  // Root's PostgreSQL runs as another user, who has to get through to the data.
  await chmod(home, 0o711);
  const directories = { state: join(home, 'state'), data: join(home, 'data') };
  await mkdir(directories.state, { mode: 0o700 });

  const database = await startDatabase(directories.data);
  resources.defer(() => database.stop());
  const program = findNatsServer();
  if (!program)
    say('!!! NATS IS LEFT OUT: there is no nats-server on this machine (Debian: nats-server) !!!');
  const nats = program
    ? await putNetworkBefore(await startNatsServer(program, join(home, 'nats')))
    : undefined;
  resources.defer(async () => nats?.stop());

  const level = process.env['LOG_LEVEL'] ?? 'silent';
  const ports = { GATEWAY_PORT: '0', PARTY_PORT: '0', GUILD_PORT: '0', GROUP_PORT: '0' };
  const asked = { ...process.env, ...ports, ...unlimited, ...database.environment };
  const environment = { ...asked, NATS_URL: nats?.serviceUrl ?? '', LOG_LEVEL: level };
  const stack = await startStack({
    topology: 'cluster',
    environment,
    directories,
    durable: true,
    createLog: (name) => createLog({ name, level, pretty: true }),
  });
  resources.defer(() => stack.stop());

  const keys = await loadOrCreateDevKeys(directories.state, undefined);
  let marker = 0;
  return {
    stack,
    database,
    nats,
    stage: await setStage(stack.url, keys),
    keys,
    environment: {
      ...environment,
      FELLOWSHIP_STATE: directories.state,
      IDENTITY_SECRET: keys.identitySecret,
      GATEWAY_PUBLIC_URL: stack.url,
    },
    random,
    nextMarker: () => String(++marker),
  };
}
