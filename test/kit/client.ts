import { setTimeout as delay } from 'node:timers/promises';
import { type Client, connect } from '@fellowship/client';
import {
  type DevKeys,
  type DevTokenClaims,
  issueDevToken,
  loadOrCreateDevKeys,
  playerIdOf,
} from '@fellowship/identity';

export { type Data, post } from '@fellowship/client';

/** Does something again and again until it is heard of: a subscription without a cursor begins nobody knows when. */
export async function untilHeard<Heard>(
  next: Promise<Heard>,
  happen: () => Promise<unknown>,
): Promise<Heard> {
  let isHeard = false;
  const heard = next.finally(() => {
    isHeard = true;
  });
  heard.catch(() => {});
  while (!isHeard) await Promise.race([heard, happen().then(() => delay(100))]);
  return heard;
}

export interface Player extends Client {
  readonly id: string;
  readonly token: string;
}

/**
 * The players of one running graph, by name: the same name is the same player. Where it has several gateways,
 * they connect to one after the other.
 */
export function players(urls: readonly [string, ...string[]], state: string) {
  let keys: Promise<DevKeys> | undefined;
  const clients: Client[] = [];
  return {
    async player(name: string, claims: Omit<DevTokenClaims, 'name'> = {}): Promise<Player> {
      keys ??= loadOrCreateDevKeys(state, undefined);
      const token = await issueDevToken(await keys, { name, ...claims }, new Date());
      const client = connect(urls[clients.length % urls.length] ?? urls[0], token);
      clients.push(client);
      return { ...client, id: playerIdOf(name), token };
    },
    async close() {
      await Promise.all(clients.map((client) => client.close()));
    },
  };
}
