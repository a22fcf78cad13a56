import { jetstreamManager } from '@nats-io/jetstream';
import { lootDropped, reportsOf, sendEvent } from '../combat.ts';
import { calm, type Fault, must, signal, until } from '../world.ts';

/** The event's effect is committed; the acknowledgement is on its way when the process is killed. */
export const killConsumer: Fault = {
  name: 'kill -9 a consumer between effect and acknowledgement',
  ofNats: true,
  async happen(world) {
    const { nats, database, stage } = world;
    must(nats !== undefined, 'There is no NATS');
    const event = lootDropped(stage.lootPartyId);
    const effects = async () => (await reportsOf(database.sql, stage.lootPartyId)).get(event.id) ?? 0;
    const { consumers } = await jetstreamManager(nats.connection);
    const unacknowledged = async () =>
      (await consumers.info('fellowship-inbound', 'party-combat-loot-dropped')).num_ack_pending;
    await until(
      'a consumer waits for messages',
      async () => (await consumers.info('fellowship-inbound', 'party-combat-loot-dropped')).num_waiting > 0,
    );
    const letGo = nats.network.hold('up', (opening) => opening.includes('fellowship party'));
    try {
      await sendEvent(nats.connection, event);
      await until('the event has its effect', async () => (await effects()) === 1);
      must((await unacknowledged()) > 0, 'It is acknowledged already');
    } finally {
      signal(world, 'party', 'SIGKILL');
      letGo();
    }
    await calm(world);
    return {
      checked: 'delivered again',
      async afterwards() {
        await until('all events are acknowledged', async () => (await unacknowledged()) === 0, 60);
        must((await effects()) === 1, 'It had its effect twice');
        return 'delivered again, one effect';
      },
    };
  },
};
