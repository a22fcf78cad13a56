import { jetstreamManager } from '@nats-io/jetstream';
import { calm, type Fault, insistOnOne, must, signal, until } from '../world.ts';

/** Its place can't be kept, for we hold the row; so it has published more than it knows of when it is killed. */
export const killRelay: Fault = {
  name: 'kill -9 the relay between publish and mark',
  ofNats: true,
  async happen(world) {
    const { database, nats, stage } = world;
    must(nats !== undefined, 'There is no NATS');
    // Unasked: the fault before may have killed NATS, and a request sent while it comes back is lost.
    const { streams } = await jetstreamManager(nats.connection, { checkAPI: false });
    const lastOnBus = async () => (await streams.info('fellowship-party')).state.last_seq;
    const ahead = await database.sql.begin(async (tx) => {
      const [mark] = await tx<{ stored: string }[]>`select stored from party.activity_relays for update`;
      must(mark !== undefined, 'The relay has kept no place yet');
      const blocked = async () => {
        await insistOnOne(world, stage.party);
        const [row] = await database.sql`select from pg_stat_activity
          where wait_event_type = 'Lock' and query like '%activity_relays%'`;
        return row !== undefined;
      };
      await until('the relay waits to keep its place', blocked);
      const ahead = (await lastOnBus()) - Number(mark.stored);
      signal(world, 'party', 'SIGKILL');
      return ahead;
    });
    must(ahead > 0, 'It had published nothing');
    await calm(world);
    return `${ahead} published and not marked; the stream is looked at in the end`;
  },
};
