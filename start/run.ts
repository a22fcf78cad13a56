import { setTimeout as sleep } from 'node:timers/promises';
import { readGatewayConfig } from '@fellowship/gateway';
import { createLog, type Logger } from '@fellowship/server';
import { banner } from './banner.ts';
import { readConfiguration } from './configuration.ts';
import { openDirectories } from './directories.ts';
import { stopWhenLauncherDies } from './launcher.ts';
import { removeRuntimeFile, writeRuntimeFile } from './runtime-file.ts';
import { type Stack, startStack, type Topology } from './stack.ts';

/** Longer than every part may take to drain. Whoever is not done by then never will be. */
const STOP_WITHIN_MS = 60_000;

/**
 * The whole life of `pnpm start` and `pnpm start:services`: starts, says so, and ends the process when it is told to
 * (exit 0), a part fails for good or something unforeseen happens (exit 1), the database last.
 */
export async function run(topology: Topology): Promise<void> {
  try {
    await start(topology);
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exit(1);
  }
}

async function start(topology: Topology): Promise<void> {
  const [option] = process.argv.slice(2);
  if (option !== undefined) {
    throw new Error(`Unknown option '${option}': the environment says all, see README, Configuration.`);
  }
  const configuration = readConfiguration(process.env);
  const { state, data } = await openDirectories(configuration.state);
  const { logLevel: level, production } = configuration;
  const { explorer } = readGatewayConfig(process.env);
  const openLog = (name: string) => createLog({ name, level, pretty: !production });
  const log = openLog('start');

  const options = { topology, environment: process.env, directories: { state, data }, durable: true };
  const started = startStack({ ...options, createLog: openLog }).then(async (stack) => {
    await writeRuntimeFile(state, { url: stack.url, pid: process.pid, topology });
    console.log(banner(stack, { production, explorer }));
    return stack;
  });
  const stop = stopper(started, () => removeRuntimeFile(state), log);
  stopOnSignals(stop, log);
  stopWhenLauncherDies(() => stop('The command that started this has gone: stopping.', 0));
  const { failed } = await started;
  failed.then((reason) => stop(reason, 1));
}

type Stop = (reason: string, code: number) => void;

/** Stops the stack, once it has started, and ends the process. The first call says why; any code but 0 stays. */
function stopper(started: Promise<Stack>, cleanUp: () => Promise<void>, log: Logger): Stop {
  let stopping = false;
  const stop = async () => {
    try {
      const stack = await started;
      await cleanUp();
      await stack.stop();
    } catch (error) {
      log.fatal({ err: error }, 'Could not stop in order');
      process.exitCode = 1;
    }
    process.exit();
  };
  return (reason, code) => {
    process.exitCode ||= code;
    if (stopping) return;
    stopping = true;
    log.info(reason);
    stop();
    sleep(STOP_WITHIN_MS, undefined, { ref: false }).then(() => process.exit(1));
  };
}

function stopOnSignals(stop: Stop, log: Logger): void {
  process.once('SIGINT', () => {
    stop('Stopping. Press Ctrl-C again to end at once.', 0);
    process.once('SIGINT', () => process.exit(130));
  });
  process.on('SIGTERM', () => stop('Stopping.', 0));
  process.on('SIGHUP', () => stop('The terminal has gone: stopping.', 0));
  // Also an unhandled rejection, which Node turns into one.
  process.on('uncaughtException', (error) => {
    log.fatal({ err: error }, 'Unforeseen error');
    stop('Stopping because of it.', 1);
  });
}
