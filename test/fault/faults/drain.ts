import { setTimeout as delay } from 'node:timers/promises';
import { connect } from '@fellowship/client';
import { DEMO_COMMUNITY_ID, issueDevToken } from '@fellowship/identity';
import { committedOf } from '../committed.ts';
import { judgeDelivery, provesDelivery } from '../proof.ts';
import type { FollowedLog } from '../scenes.ts';
import { startSubscriber } from '../subscriber.ts';
import { type Fault, firstOf, must, until, type World } from '../world.ts';

const players = 20;
const socketsEach = 50;
/** Milliseconds between two events. */
const pause = 500;

/** A guild with members who follow it, from before its first event that the writer makes. */
async function makeGuild({ stack, keys, nextMarker }: World) {
  const name = `Drain ${nextMarker()}`;
  const tokenOf = (nth: number) => issueDevToken(keys, { name: `${name} ${nth}` }, new Date());
  const tokens = await Promise.all(Array.from({ length: players }, (_, nth) => tokenOf(nth)));
  const [leader = '', ...others] = tokens;
  const graph = connect(stack.url, leader);
  const { guild } = await graph.mutate(
    'guildCreate',
    { communityId: DEMO_COMMUNITY_ID, name },
    'guild { id }',
  );
  const { invite } = await graph.mutate('guildInviteCreate', { guildId: guild.id }, 'invite { code }');
  for (const token of others)
    await connect(stack.url, token).mutate('guildInviteAccept', { code: invite.code }, 'guild { id }');
  const query = 'query ($id: ID!) { guild(id: $id) { activity(first: 100) { nodes { cursor } } } }';
  const { nodes } = (await graph.run(query, { id: guild.id })).guild.activity;
  const logs = tokens.map(
    (token): FollowedLog => ({
      name,
      service: 'guild',
      schema: 'guild',
      subject: `guild:${guild.id}`,
      token,
      subscription:
        'subscription ($id: ID!, $after: String) { event: guildActivity(guildId: $id, after: $after) { id cursor } }',
      variables: { id: guild.id },
      after: nodes[0].cursor,
      before: nodes.length,
    }),
  );
  let nth = 0;
  const write = () => {
    nth += 1;
    const input = { guildId: guild.id, recruiting: nth % 2 === 1, idempotencyKey: `${name} ${nth}` };
    return graph.mutate('guildUpdate', input, 'guild { id }').catch(() => {});
  };
  return { logs, write };
}

/** The second gateway is told to stop while a thousand listen there. */
export const drain: Fault = {
  name: 'drain a gateway with 1,000 subscribers',
  async happen(world) {
    const { stack, database } = world;
    const [first, second] = stack.urls;
    must(first !== undefined && second !== undefined, 'There are no two gateways');
    const { logs, write } = await makeGuild(world);
    const subscribers: ReturnType<typeof startSubscriber>[] = [];
    let writing = true;
    const writer = (async () => {
      for (; writing; await delay(pause)) await write();
    })();
    try {
      for (let nth = 0; nth < socketsEach; nth += 1) {
        for (const log of logs) {
          let url = second;
          const next = () => {
            const now = url;
            url = first;
            return now;
          };
          subscribers.push(startSubscriber(log, next));
        }
        const batch = subscribers.slice(-players);
        await until('they listen', async () => batch.every(({ delivered }) => delivered.length > 0), 60);
      }
      process.kill(await firstOf(world, 'gateway-2'), 'SIGTERM');
      const since = performance.now();
      await until('all are told', async () => subscribers.every(({ ends }) => ends.size > 0), 60);
      const told = (performance.now() - since) / 1000;
      await delay(5 * pause);
      writing = false;
      await writer;
      const log = logs[0] as FollowedLog;
      // Read anew each time: a mutation whose reply was an error may yet be committed.
      const complete = async () => {
        const { length } = await committedOf(database.sql, log);
        return subscribers.every(({ delivered }) => delivered.length === length);
      };
      await until('all have all', complete, 90).catch(() => {});
      const committed = await committedOf(database.sql, log);
      const verdicts = subscribers.map(({ delivered }) => judgeDelivery(delivered, committed));
      const unproven = verdicts.filter((verdict) => !provesDelivery(verdict));
      must(
        unproven.length === 0,
        `${unproven.length} have not each event once: ${JSON.stringify(unproven[0])}`,
      );
      const goingAway = subscribers.filter(({ ends, odd }) => ends.has('GOING_AWAY') && odd.length === 0);
      must(
        goingAway.length === subscribers.length,
        `Only ${goingAway.length} were told GOING_AWAY with their cursor`,
      );
      return `all ${goingAway.length} told GOING_AWAY with their cursor within ${told.toFixed(1)} s, resumed at the other: ${committed.length} events each, once, in order`;
    } finally {
      writing = false;
      await Promise.all(subscribers.map((subscriber) => subscriber.stop()));
    }
  },
};
