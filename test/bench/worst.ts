// `pnpm bench:worst`: how long does it take to refuse the worst that fits into a request, and whom does it disturb?
import { parseArgs } from 'node:util';
import { post } from '@fellowship/client';
import { startThrowawayStack } from '@fellowship/start';
import { players } from '../kit/client.ts';
import { bodyOf, type Hostile, hostile } from '../kit/hostile.ts';
import { median, paced } from './pace.ts';

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '3' },
    rate: { type: 'string', default: '100' },
    attacks: { type: 'string', default: '4' },
    only: { type: 'string', default: '' },
  },
});
const [milliseconds, rate, attacks] = [
  Number(values.seconds) * 1_000,
  Number(values.rate),
  Number(values.attacks),
];
const ME = '{ me { party { id } guildMemberships(first: 1) { nodes { joinedAt } } } }';

// The points of rates would refuse most of it for its number, which is measured elsewhere.
const points = { LIMIT_PLAYER_POINTS: '1000000', LIMIT_ADDRESS_POINTS: '1000000' };
const stack = await startThrowawayStack('services', { LOG_LEVEL: 'error', ...points });
const people = players([stack.url], stack.state);
const { token } = await people.player('Ada');
const { token: stranger } = await people.player('Mallory');

const calm = () =>
  paced(rate, milliseconds, async () => {
    const { errors } = await post(stack.url, { query: ME }, token);
    if (errors) throw new Error(`The others fail: ${JSON.stringify(errors)}`);
  });

/** Something new each time, or it would be found among what was planned. */
async function attack({ name, code, ...request }: Hostile, nth: number): Promise<number> {
  const body = bodyOf({ ...request, query: `${request.query} #${nth}` });
  const begun = performance.now();
  const { errors } = await post(stack.url, body, stranger);
  const said = errors?.[0]?.extensions.code;
  if (said !== code) throw new Error(`${name}: ${said}`);
  return performance.now() - begun;
}

try {
  const chosen = hostile.filter(({ name }) => name.includes(values.only));
  for (const each of chosen) await attack(each, -1);
  await calm();
  console.log(`${rate} requests/s of one player beside ${attacks}/s of another's refusals`);
  const ratios: number[] = [];
  for (const each of chosen) {
    const before = await calm();
    const refusals: number[] = [];
    const attacking = paced(attacks, milliseconds, async (nth) => {
      refusals.push(await attack(each, nth));
    });
    const during = await calm();
    await attacking;
    ratios.push(during.p99 / before.p99);
    const figures = [
      `refused in ${median(refusals).toFixed(1)} ms (${Math.max(...refusals).toFixed(0)} at most)`,
      `others p99 ${before.p99.toFixed(1)} -> ${during.p99.toFixed(1)} ms`,
    ];
    console.log(`${each.name.padEnd(34)} ${each.code.padEnd(29)} ${figures.join(', ')}`);
  }
  console.log(
    `others' p99, attacked to calm: ${median(ratios).toFixed(2)} (median), ${Math.max(...ratios).toFixed(2)} (worst)`,
  );
} finally {
  await people.close();
  await stack.stop();
}
