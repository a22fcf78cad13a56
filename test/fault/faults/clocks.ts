import { once } from 'node:events';
import { type Side, startSide } from '../side.ts';
import { type Fault, must, sendOne, until } from '../world.ts';

const skew = new URL('../skew.ts', import.meta.url).href;

/** By how many seconds the subgraph's clock is ahead of the gateway's, and whether what the gateway signs still holds. */
const skews: readonly (readonly [seconds: number, holds: boolean])[] = [
  [55, true],
  [-55, true],
  // A token of this moment lives for 60 s, and 60 s are tolerated: ahead, both are used up together.
  [90, true],
  [-90, false],
  [150, false],
];

async function shift({ child }: Side, seconds: number): Promise<void> {
  const told = once(child, 'message');
  child.send(seconds * 1000);
  await told;
}

/** A party process whose clock is wrong, and a gateway that asks it. */
export const clockSkew: Fault = {
  name: 'clock skew between gateway and subgraph',
  async happen(world) {
    const { environment, stack, stage, database } = world;
    await using sides = new AsyncDisposableStack();
    const party = await startSide('party', environment, [skew]);
    sides.defer(() => party.stop());
    const urls = { PARTY_URL: party.url, GUILD_URL: stack.services.guild, GROUP_URL: stack.services.group };
    const gateway = await startSide('gateway', { ...environment, ...urls });
    sides.defer(() => gateway.stop());

    const goesWell = async () => (await sendOne(world, stage.party, gateway.url)).outcome === 'ok';
    for (const [seconds, holds] of skews) {
      await shift(party, 0);
      // Its breaker may still be open from what was refused before.
      await until('all is well without skew', goesWell);
      await shift(party, seconds);
      const { outcome, code, marker } = await sendOne(world, stage.party, gateway.url);
      if (holds) must(outcome === 'ok', `With ${seconds} s it is ${outcome} ${code}`);
      else {
        must(
          outcome === 'unknown' && code === 'SUBGRAPH_UNAVAILABLE',
          `With ${seconds} s it is ${outcome} ${code}`,
        );
        must(
          !(await stage.party.effects(database.sql)).has(marker),
          `With ${seconds} s it was done nevertheless`,
        );
      }
    }
    const said = skews.map(
      ([seconds, holds]) => `${seconds > 0 ? '+' : ''}${seconds} s ${holds ? 'holds' : 'refused'}`,
    );
    return `${said.join(', ')}; a refusal is SUBGRAPH_UNAVAILABLE and does nothing`;
  },
};
