import { setTimeout as delay } from 'node:timers/promises';
import { calm, type Fault, insistOnOne, must, until, type World } from '../world.ts';

const end = (name: string, how: 'SIGKILL' | 'SIGQUIT', weight: number): Fault => ({
  name,
  weight,
  async happen({ database }) {
    const since = performance.now();
    await database.end(how);
    return `up again after ${((performance.now() - since) / 1000).toFixed(1)} s; the proof at the end`;
  },
});

const cut: Fault = {
  name: 'cut all database connections',
  weight: 2,
  async happen({ database }) {
    await database.cutConnections();
    return 'the proof at the end';
  },
};

/** The process ids of the server's sessions that listen for hints. */
async function listening({ database: { sql } }: World): Promise<number[]> {
  const rows = await sql<{ pid: number }[]>`select pid from pg_stat_activity
    where application_name = 'fellowship hints' and usename = 'fellowship_service'`;
  return rows.map(({ pid }) => pid);
}

/** The network swallows what goes over the connections that listen, and says nothing. */
const deafListeners: Fault = {
  name: 'half-open LISTEN connections',
  async happen(world) {
    const before = await listening(world);
    must(before.length > 0, 'Nobody listens');
    const since = performance.now();
    for (const network of Object.values(world.database.networks)) {
      network.freeze((opening) => opening.includes('fellowship hints'));
    }
    const renewed = async () => (await listening(world)).filter((pid) => !before.includes(pid)).length;
    await until('the listeners connect anew', async () => (await renewed()) >= before.length / 2, 45);
    return `listened to on others after ${((performance.now() - since) / 1000).toFixed(0)} s`;
  },
};

/** All of a subgraph's connections, those of readers and writers too, and the one with the relay's lock. */
const deafDatabase: Fault = {
  name: 'half-open database connections',
  async happen(world) {
    const { database, stage } = world;
    const since = performance.now();
    database.networks.guild.freeze();
    await calm(world);
    await insistOnOne(world, stage.bank);
    return `reads and writes go on after ${((performance.now() - since) / 1000).toFixed(0)} s`;
  },
};

/** The sessions that a crashed holder of the relay's lock left are the server's to end: others wait for the lock. */
const relayLock: Fault = {
  name: 'the relay’s connection is half-open',
  ofNats: true,
  async happen(world) {
    const { sql, networks } = world.database;
    const holder = async () => {
      const [row] = await sql<
        { pid: number }[]
      >`select l.pid from pg_locks l join pg_stat_activity a using (pid)
        where l.locktype = 'advisory' and l.granted and a.application_name = 'fellowship relay party'`;
      return row?.pid;
    };
    const before = await until('somebody relays', holder);
    networks.party.freeze((opening) => opening.includes('fellowship relay party'));
    const since = performance.now();
    await until(
      'somebody else relays',
      async () => (await holder()) !== undefined && (await holder()) !== before,
      60,
    );
    await delay(100);
    return `taken over after ${((performance.now() - since) / 1000).toFixed(0)} s`;
  },
};

export const postgresFaults: readonly Fault[] = [
  end('immediate stop of PostgreSQL', 'SIGQUIT', 1),
  end('kill -9 PostgreSQL', 'SIGKILL', 1),
  cut,
  deafListeners,
  deafDatabase,
  relayLock,
];
