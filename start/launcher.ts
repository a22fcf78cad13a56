import { basename } from 'node:path';
import { findProcess, isRunning } from '@fellowship/embedded-postgres';

const EVERY_MS = 1_000;

/**
 * Calls `stop` once when a package manager that started us has gone.
 *
 * Measured with `npx --yes pnpm@10.34.8 start`: a SIGTERM to npx ends npx and its `sh -c pnpm`, while pnpm,
 * the shell script `.bin/node` and we live on as orphans and get no signal at all (npm's child is a shell that
 * dies without passing it on; the script waits for us instead of turning into us). So we look whether any
 * process from us up to the outermost package manager has gone. What is further up, such as the shell that
 * it was typed into, may go: `nohup` and disowned jobs outlive theirs on purpose.
 */
export function stopWhenLauncherDies(stop: () => void): void {
  const launchers = packageManagerChain(ancestors(process.pid));
  if (launchers.length === 0) return;
  const timer = setInterval(() => {
    if (launchers.every(isRunning)) return;
    clearInterval(timer);
    stop();
  }, EVERY_MS);
  timer.unref();
}

interface Ancestor {
  readonly pid: number;
  readonly args: string;
}

/** The processes above one, nearest first. */
function ancestors(pid: number): Ancestor[] {
  const found: Ancestor[] = [];
  for (let parent = findProcess(pid)?.parent ?? 0; parent > 1; ) {
    const entry = findProcess(parent);
    if (entry === undefined) break;
    found.push({ pid: parent, args: entry.args });
    parent = entry.parent;
  }
  return found;
}

/**
 * The ids up to the outermost package manager that leads to us through shells alone; none when there is no such.
 * A test runner in between, itself started by a package manager, is where another chain ends.
 */
export function packageManagerChain(above: readonly Ancestor[]): number[] {
  let length = 0;
  for (const [index, { args }] of above.entries()) {
    if (isPackageManager(args)) length = index + 1;
    else if (!isShell(args)) break;
  }
  return above.slice(0, length).map(({ pid }) => pid);
}

const PACKAGE_MANAGERS = /^(npm|npx|pnpm|pnpx)(-cli)?(\.[cm]?js)?$/;
const INTERPRETERS = /^(node|sh|bash|dash|zsh)$/;
const SHELLS = /^-?(sh|bash|dash|zsh)$/;

const isShell = (args: string) => SHELLS.test(basename(args.split(' ')[0] ?? ''));

/**
 * Goes by the program, or the script that an interpreter runs (`node …/npx-cli.js`, `sh …/bin/pnpm`), and not
 * by any mention: `bash -c "npx … start &"` is an ordinary shell. npm calls its process `npm exec …`.
 */
function isPackageManager(args: string): boolean {
  const [program = '', script = ''] = args.split(' ').map((word) => basename(word));
  return PACKAGE_MANAGERS.test(INTERPRETERS.test(program) ? script : program);
}
