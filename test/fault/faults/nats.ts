import { setTimeout as delay } from 'node:timers/promises';
import { calm, type Fault, insistOnOne, must, type World } from '../world.ts';

function natsOf({ nats }: World) {
  must(nats !== undefined, 'There is no NATS');
  return nats;
}

const kill = (wiped: boolean): Fault => ({
  name: wiped ? 'kill -9 and wipe NATS' : 'kill -9 NATS',
  weight: wiped ? 1 : 2,
  ofNats: true,
  async happen(world) {
    const { server } = natsOf(world);
    await server.stop('SIGKILL');
    await delay(world.random() * 1_500);
    await server.restart({ wiped });
    return 'the proof at the end';
  },
});

/** Long enough for everyone to notice, with mutations all the while. */
const away: Fault = {
  name: 'NATS is away for 10 s',
  ofNats: true,
  async happen(world) {
    const { server } = natsOf(world);
    await server.stop('SIGKILL');
    try {
      const over = delay(10_000);
      let count = 0;
      for (const since = performance.now(); performance.now() - since < 9_000; await delay(300)) {
        const { tries } = await insistOnOne(world, world.stage.bank);
        must(tries === 1, 'A mutation waits for NATS');
        count += 1;
      }
      await over;
      return `${count} mutations done meanwhile, each at the first try; the proof at the end`;
    } finally {
      await server.restart();
    }
  },
};

/** The network to it swallows everything and says nothing. */
const halfOpen: Fault = {
  name: 'half-open NATS connections',
  ofNats: true,
  async happen(world) {
    const { network } = natsOf(world);
    network.freeze();
    const { tries } = await insistOnOne(world, world.stage.bank);
    must(tries === 1, 'A mutation waits for NATS');
    await calm(world);
    return 'mutations go on; the proof at the end';
  },
};

export const natsFaults: readonly Fault[] = [kill(false), kill(true), away, halfOpen];
