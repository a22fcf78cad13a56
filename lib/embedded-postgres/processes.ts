import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** A line of the process table. */
export interface ProcessEntry {
  readonly parent: number;
  /** The command line, its words separated by spaces. Empty for a kernel thread or a zombie. */
  readonly args: string;
}

/**
 * The process with this id, or undefined where there is none.
 *
 * A zombie counts as gone: it holds nothing any more, but `kill(pid, 0)` would still find it, and in a
 * container whose first process does not reap, it stays for ever.
 */
export function findProcess(pid: number): ProcessEntry | undefined {
  return process.platform === 'linux' ? readProc(pid) : askPs(pid);
}

/** Whether this process runs. Cheap enough to ask many times a second. */
export function isRunning(pid: number): boolean {
  if (process.platform === 'linux') return findProcess(pid) !== undefined;
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'; // Another user's.
  }
}

/** Read rather than asked for with `ps`, because slim container images have none. */
function readProc(pid: number): ProcessEntry | undefined {
  try {
    // `pid (name) state parent …`, and the name may hold anything, parentheses too.
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const [state, parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (state === 'Z' || state === 'X') return undefined;
    const args = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').join(' ').trim();
    return { parent: Number(parent), args };
  } catch {
    return undefined;
  }
}

function askPs(pid: number): ProcessEntry | undefined {
  try {
    const line = execFileSync('ps', ['-o', 'ppid=,stat=,args=', '-p', String(pid)], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const [, parent, state, args] = /^\s*(\d+)\s+(\S+)\s*(.*?)\s*$/.exec(line) ?? [];
    if (parent === undefined || state?.startsWith('Z')) return undefined;
    return { parent: Number(parent), args: args ?? '' };
  } catch {
    return undefined;
  }
}
