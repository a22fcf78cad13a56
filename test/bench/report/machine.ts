import { execFileSync } from 'node:child_process';
import { availableParallelism, cpus, loadavg, totalmem } from 'node:os';
import postgres from 'postgres';

/** Where and of what something was measured. */
export interface Machine {
  readonly processor: string;
  readonly cores: number;
  readonly memory: string;
  /** Of the last minute, before the first measurement: on a calm machine below a quarter of the cores. */
  readonly load: string;
  readonly node: string;
  readonly postgres: string;
  readonly date: string;
  readonly commit: string;
}

export async function machineFacts(databaseUrl: string): Promise<Machine> {
  const sql = postgres(databaseUrl, { max: 1 });
  const [row] = await sql`show server_version`;
  await sql.end();
  return {
    processor: cpus()[0]?.model ?? 'unknown',
    cores: availableParallelism(),
    memory: `${(totalmem() / 1024 ** 3).toFixed(0)} GiB`,
    load: (loadavg()[0] ?? 0).toFixed(1),
    node: process.version,
    postgres: String(row?.['server_version']).split(' ')[0] ?? '',
    date: new Date().toISOString().slice(0, 16),
    commit: commit(),
  };
}

function commit(): string {
  const git = (...args: string[]) =>
    execFileSync('git', args, { cwd: import.meta.dirname, encoding: 'utf8' }).trim();
  try {
    return git('rev-parse', '--short', 'HEAD') + (git('status', '--porcelain') === '' ? '' : ' and changes');
  } catch {
    return 'unknown';
  }
}
