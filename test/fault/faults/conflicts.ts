import { post } from '@fellowship/client';
import postgres from 'postgres';
import { service } from '../database.ts';
import {
  calm,
  type Fault,
  insistOnOne,
  lockHead,
  lockParty,
  must,
  sendOne,
  until,
  waitingForLocks,
} from '../world.ts';

/** Locks what a mutation needs last, waits until it is there, and asks for what it has. The server ends the mutation. */
const deadlock: Fault = {
  name: 'deadlock',
  async happen(world) {
    const { stack, stage, database } = world;
    const told = 'deadlock detected';
    const before = await database.logged(told);
    const sent = await database.sql.begin(async (tx) => {
      // The server ends the transaction that notices first: not ours.
      await tx`set local deadlock_timeout = '30s'`;
      await tx`set local lock_timeout = '20s'`;
      await tx.unsafe(lockHead, [`party:${stage.party.id}`]);
      const reply = sendOne(world, stage.party, stack.url);
      const [self] = await tx<{ pid: number }[]>`select pg_backend_pid() as pid`;
      // For us: elsewhere others wait for one another all the time.
      const waits = () =>
        database.sql`select from pg_stat_activity where ${self?.pid ?? 0} = any(pg_blocking_pids(pid))`;
      await until('a mutation waits for us', async () => (await waits()).length > 0);
      await tx.unsafe(lockParty, [stage.party.id]);
      return { reply };
    });
    const { outcome, code } = await sent.reply;
    const deadlocks = (await database.logged(told)) - before;
    must(deadlocks > 0, 'There was no deadlock');
    must(outcome !== 'failed', `The mutation was refused: ${code}`);
    return `${deadlocks} ended by the server, run again: ${outcome}`;
  },
};

/** Sessions are serializable for a while, as an operator may set it: writers of one guild refuse one another. */
const serialization: Fault = {
  name: 'serialization failures',
  async happen(world) {
    const { database, stage } = world;
    const { sql } = database;
    const role = sql(service.name);
    const told = 'could not serialize access';
    const before = await database.logged(told);
    await sql`alter role ${role} set default_transaction_isolation = 'serializable'`;
    try {
      await database.cutConnections();
      await calm(world);
      const done = await Promise.all(Array.from({ length: 12 }, () => insistOnOne(world, stage.bank)));
      const failures = (await database.logged(told)) - before;
      must(failures > 0, 'There was no serialization failure');
      const again = done.filter(({ tries }) => tries > 1).length;
      return `${failures} of them; of 12 at once ${12 - again} done by retries within, ${again} by the client’s`;
    } finally {
      await sql`alter role ${role} reset default_transaction_isolation`;
      await database.cutConnections();
    }
  },
};

/** Every connection for transactions of a subgraph waits for the same row. */
const poolExhaustion: Fault = {
  name: 'all of a pool’s connections wait',
  async happen(world) {
    const { stack, stage, database } = world;
    const sent = await database.sql.begin(async (tx) => {
      await tx.unsafe(lockParty, [stage.party.id]);
      const replies = Array.from({ length: 24 }, () => sendOne(world, stage.party, stack.url));
      await until('eight of its transactions wait', async () => (await waitingForLocks(world)) >= 8);
      const token = stage.logs[0]?.token ?? '';
      const { data } = await post(stack.url, { query: '{ me { party { id } } }' }, token);
      must(data?.me?.party?.id === stage.party.id, 'Reads wait too');
      return { replies };
    });
    const outcomes = (await Promise.all(sent.replies)).map(({ outcome }) => outcome);
    must(!outcomes.includes('failed'), 'A mutation that waited was refused');
    const ok = outcomes.filter((outcome) => outcome === 'ok').length;
    return `reads go on; of 24 that waited ${ok} are ok, ${24 - ok} unknown`;
  },
};

/** Somebody else has all of the server's connections, and ours are lost. */
const noConnections: Fault = {
  name: 'the server has no connection left',
  async happen(world) {
    const { database, stage } = world;
    const hogs: postgres.Sql[] = [];
    try {
      await database.cutConnections();
      for (let full = false; !full; ) {
        const hog = postgres(database.serviceUrl, { max: 1, onnotice: () => {}, connect_timeout: 5 });
        hogs.push(hog);
        full = await hog`select 1`.then(
          () => false,
          () => true,
        );
      }
      await database.cutConnections();
      const refused = await sendOne(world, stage.bank, world.stack.url);
      must(refused.outcome !== 'failed', `Without a connection a mutation is refused: ${refused.code}`);
    } finally {
      await Promise.all(hogs.map((hog) => hog.end({ timeout: 1 })));
    }
    await calm(world);
    await insistOnOne(world, stage.bank);
    return `${hogs.length} connections taken by others; goes on once they are free`;
  },
};

export const conflictFaults: readonly Fault[] = [deadlock, serialization, poolExhaustion, noConnections];
