import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chown, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline/promises';
import postgres from 'postgres';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type EmbeddedPostgres, findProcess, startEmbeddedPostgres } from './index.ts';

const asRoot = process.getuid?.() === 0;
const NOBODY = 65534;

const messages: string[] = [];
const log = { info: (text: string) => messages.push(text), error: (text: string) => messages.push(text) };

let dataDirectory: string;
let server: EmbeddedPostgres | undefined;
const owners: ChildProcess[] = [];
const directories: string[] = [];

async function temporaryDirectory(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'embedded-postgres-'));
  directories.push(directory);
  return directory;
}

async function start(port?: number): Promise<EmbeddedPostgres> {
  const options = { dataDirectory, durable: false, log };
  server = await startEmbeddedPostgres(port === undefined ? options : { ...options, port });
  return server;
}

async function query(url: string, text: string): Promise<postgres.Row[]> {
  const sql = postgres(url, { max: 1 });
  try {
    return await sql.unsafe(text);
  } finally {
    await sql.end();
  }
}

/** A process of its own that has a server on the directory, and that server's URL. */
async function startOwner(directory: string, uid?: number): Promise<{ owner: ChildProcess; url: string }> {
  const owner = spawn(process.execPath, [join(import.meta.dirname, 'server.fixture.ts'), directory], {
    stdio: ['ignore', 'pipe', 'inherit'],
    cwd: directory,
    ...(uid === undefined ? {} : { uid, gid: uid }),
  });
  owners.push(owner);
  const [line] = await once(createInterface(owner.stdout), 'line');
  return { owner, ...JSON.parse(line) };
}

async function postmasterPid(directory = dataDirectory): Promise<number> {
  return Number.parseInt(await readFile(join(directory, 'cluster/data/postmaster.pid'), 'utf8'), 10);
}

// One data directory for most of the tests: initdb is what takes the time.
beforeAll(async () => {
  dataDirectory = await temporaryDirectory();
});

afterEach(async () => {
  await server?.stop();
  for (const owner of owners.splice(0)) {
    if (owner.exitCode !== null || owner.signalCode !== null) continue;
    owner.kill('SIGTERM');
    await once(owner, 'exit');
  }
  messages.length = 0;
});

afterAll(async () => {
  for (const directory of directories) await rm(directory, { recursive: true });
});

describe('startEmbeddedPostgres', () => {
  it('keeps data and port from one start to the next, and leaves no process', async () => {
    const first = await start();
    await query(first.url('postgres'), 'create table kept as select 1 as value');
    const pid = await postmasterPid();
    expect(findProcess(pid)?.args).toContain('bin/postgres');
    await first.stop();
    await first.stop();
    await first.exited;
    expect(findProcess(pid)).toBeUndefined();

    const second = await start();
    expect(second.port).toBe(first.port);
    expect(await query(second.url('postgres'), 'select value from kept')).toEqual([{ value: 1 }]);
    expect(messages).toEqual([]);
  });

  it('makes a cluster that asks for passwords, knows Unicode and stores instants in UTC', async () => {
    const { url, port } = await start();
    expect(
      await query(url('postgres'), `select lower('ÀЖ') as lower, current_setting('TimeZone') as zone`),
    ).toEqual([{ lower: 'àж', zone: 'UTC' }]);
    const intruder = query(`postgres://postgres:wrong@127.0.0.1:${port}/postgres`, 'select 1');
    await expect(intruder).rejects.toMatchObject({ code: '28P01' });
    expect((await stat(join(dataDirectory, 'cluster/password'))).mode & 0o777).toBe(0o600);
  });

  it('takes another port when the last one is taken, unless the port was asked for', async () => {
    const { port, stop } = await start();
    await stop();
    const squatter = createServer().listen(port, '127.0.0.1');
    await once(squatter, 'listening');
    try {
      await expect(start(port)).rejects.toThrow('Address already in use');
      expect((await start()).port).not.toBe(port);
    } finally {
      squatter.close();
    }
  });

  it('ignores the pid file of a server that died, and one whose pid is another program’s now', async () => {
    const { stop } = await start();
    await stop();
    const dead = spawn(process.execPath, ['--version']);
    await once(dead, 'exit');
    for (const pid of [dead.pid, process.pid]) {
      const data = join(dataDirectory, 'cluster/data');
      await writeFile(join(data, 'postmaster.pid'), `${pid}\n${data}\n1700000000\n5432\n\n127.0.0.1\n`);
      const again = await start();
      expect(await postmasterPid()).not.toBe(pid);
      await again.stop();
    }
  });

  it('stops the server that a killed owner left behind, and serves its data', async () => {
    const { owner, url } = await startOwner(dataDirectory);
    await query(url, 'create table orphaned as select 2 as value');
    const orphan = await postmasterPid();
    owner.kill('SIGKILL');
    await once(owner, 'exit');
    expect(findProcess(orphan)).toBeDefined();

    const { url: newUrl } = await start();
    expect(findProcess(orphan)).toBeUndefined();
    expect(messages).toEqual(['Stopped the PostgreSQL server that a killed process had left behind.']);
    expect(await query(newUrl('postgres'), 'select value from orphaned')).toEqual([{ value: 2 }]);
  });

  it('refuses a directory that another process has, and leaves its server alone', async () => {
    const { owner, url } = await startOwner(dataDirectory);
    await expect(start()).rejects.toThrow(
      `in use by another process (pid ${owner.pid}): stop that one first`,
    );
    expect(await query(url, 'select 1 as alive')).toEqual([{ alive: 1 }]);
  });

  it('makes the cluster anew after an initdb that was interrupted', async () => {
    dataDirectory = await temporaryDirectory();
    await mkdir(join(dataDirectory, 'cluster.new-a1b2c3/data'), { recursive: true });
    await writeFile(join(dataDirectory, 'cluster.new-a1b2c3/data/PG_VERSION'), '18\n');
    const { url } = await start();
    expect(await query(url('postgres'), 'select 1 as alive')).toEqual([{ alive: 1 }]);
    expect(await readdir(dataDirectory)).not.toContain('cluster.new-a1b2c3');
  });

  it('tells when the server ends by itself, and the directory can be started again', async () => {
    const { exited } = await start();
    process.kill(await postmasterPid(), 'SIGQUIT');
    await exited;
    expect(messages).toEqual([expect.stringContaining('PostgreSQL has ended by itself')]);
    const { url } = await start();
    expect(await query(url('postgres'), 'select 1 as alive')).toEqual([{ alive: 1 }]);
  });

  it('shows the end of the log when the server does not start, and gives the directory back', async () => {
    const { stop } = await start();
    await stop();
    const file = join(dataDirectory, 'cluster/data/postgresql.conf');
    const configuration = await readFile(file, 'utf8');
    await writeFile(file, `${configuration}\nno_such_setting = 1\n`);
    await expect(start()).rejects.toThrow('unrecognized configuration parameter "no_such_setting"');
    await writeFile(file, configuration);
    await start();
  });
});

describe.runIf(asRoot)('startEmbeddedPostgres as root', () => {
  it('runs the server as nobody, who owns the cluster', async () => {
    await start();
    expect((await stat(`/proc/${await postmasterPid()}`)).uid).toBe(NOBODY);
    expect((await stat(join(dataDirectory, 'cluster/data'))).uid).toBe(NOBODY);
    expect((await stat(dataDirectory)).uid).toBe(0);
  });

  it('says which directory is closed to nobody', async () => {
    const closed = await temporaryDirectory();
    const open = startEmbeddedPostgres({ dataDirectory: join(closed, 'data'), durable: false, log });
    await expect(open).rejects.toThrow(`nobody, uid 65534) can’t enter ${closed}`);
  });

  it('runs in place for an ordinary user', async () => {
    const directory = await temporaryDirectory();
    await chown(directory, NOBODY, NOBODY);
    const { url, owner } = await startOwner(directory, NOBODY);
    expect(await query(url, 'select 1 as alive')).toEqual([{ alive: 1 }]);
    expect(findProcess(await postmasterPid(directory))?.parent).toBe(owner.pid);
    expect((await stat(directory)).mode & 0o777).toBe(0o700);
  });
});
