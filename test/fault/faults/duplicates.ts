import { lootDropped, reportsOf, sendEvent } from '../combat.ts';
import { shuffled } from '../random.ts';
import { type Fault, must, until } from '../world.ts';

const events = 20;
const copies = 3;

/** All that a careless sender does: everything three times, in any order, at once. */
export const duplicates: Fault = {
  name: 'duplicates and another order on the bus',
  ofNats: true,
  async happen({ nats, database, stage, random }) {
    must(nats !== undefined, 'There is no NATS');
    const some = Array.from({ length: events }, () => lootDropped(stage.lootPartyId));
    const all = shuffled(
      some.flatMap((event) => Array.from({ length: copies }, () => event)),
      random,
    );
    await Promise.all(all.map((event) => sendEvent(nats.connection, event)));
    const effects = async () => {
      const reports = await reportsOf(database.sql, stage.lootPartyId);
      return some.map(({ id }) => reports.get(id) ?? 0);
    };
    await until('each has its effect', async () => (await effects()).every((times) => times > 0), 60);
    must(
      (await effects()).every((times) => times === 1),
      'One was done twice',
    );
    return {
      checked: `${events} events, each ${copies} times: one effect each`,
      async afterwards() {
        must(
          (await effects()).every((times) => times === 1),
          'One was done twice, later',
        );
        return `${events} events, each ${copies} times: one effect each`;
      },
    };
  },
};
