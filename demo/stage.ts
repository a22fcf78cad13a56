import { type Client, connect, type Data } from '@fellowship/client';
import { type DevTokenClaims, issueDevToken, loadOrCreateDevKeys, playerIdOf } from '@fellowship/identity';

export interface Player extends Client {
  readonly name: string;
  readonly id: string;
}

/** Where the story is played: its players, what is told of it, and the live events as they arrive. */
export interface Stage {
  /** A player of this telling; every telling has players of its own, so that it can be told again. */
  player(name: string, claims?: Omit<DevTokenClaims, 'name'>): Promise<Player>;
  tell(text: string): void;
  /** Shows every event of a subscription as it arrives, and keeps the types seen. */
  watch(player: Player, subscription: string, variables?: object): Promise<Watch>;
  close(): Promise<void>;
}

export interface Watch {
  /** Resolves when an event of the type has arrived; rejects after five seconds. */
  saw(type: string): Promise<void>;
  close(): Promise<void>;
}

export async function openStage(url: string, stateDirectory: string): Promise<Stage> {
  const keys = await loadOrCreateDevKeys(stateDirectory, process.env['NODE_ENV']);
  const telling = Date.now().toString(36);
  const names = new Map<string, string>();
  const clients: Client[] = [];
  const watches: (() => Promise<void>)[] = [];

  return {
    async player(name, claims = {}) {
      const unique = `${name} ${telling}`;
      const client = connect(url, await issueDevToken(keys, { name: unique, ...claims }, new Date()));
      clients.push(client);
      const id = playerIdOf(unique);
      names.set(id, name);
      return { ...client, name, id };
    },
    tell: (text) => console.log(`\n${text}`),
    async watch(player, subscription, variables) {
      const listening = await player.subscribe(subscription, variables);
      const seen = new Set<string>();
      let closing = false;
      const close = async () => {
        closing = true;
        await listening.close();
      };
      watches.push(close);
      const waiting = new Map<string, () => void>();
      const read = async () => {
        for (;;) {
          const { data, errors } = await listening.next();
          const event = Object.values(data ?? {})[0];
          if (!event) throw new Error(`it ended with ${errors?.[0]?.extensions?.['code']}`);
          if (!unsaid.has(event.__typename)) console.log(`   ${player.name} hears ${describe(event, names)}`);
          seen.add(event.__typename);
          waiting.get(event.__typename)?.();
        }
      };
      read().catch((error: unknown) => {
        const reason = error instanceof Error ? error.message : JSON.stringify(error);
        if (!closing) console.log(`   ${player.name} hears nothing more: ${reason}`);
      });
      // A subscription starts with what happens after the server has it.
      await new Promise((resolve) => setTimeout(resolve, 300));
      return {
        close,
        saw: (type) =>
          new Promise((resolve, reject) => {
            if (seen.has(type)) return resolve();
            waiting.set(type, resolve);
            setTimeout(() => reject(new Error(`${player.name} did not hear of ${type}`)), 5_000).unref();
          }),
      };
    },
    async close() {
      await Promise.all(watches.map((close) => close()));
      await Promise.all(clients.map((client) => client.close()));
    },
  };
}

function describe({ __typename, actor, ...rest }: Data, names: ReadonlyMap<string, string>): string {
  const nameOf = (player: Data) => names.get(player?.id) ?? 'someone';
  const about = Object.entries<Data>(rest)
    .filter(([, value]) => value !== null)
    .map(([key, value]) => `${key}: ${value?.id ? nameOf(value) : JSON.stringify(value)}`);
  return `${__typename}${actor ? ` by ${nameOf(actor)}` : ''}${about.length > 0 ? ` (${about.join(', ')})` : ''}`;
}

/** Too many to show. */
const unsaid: ReadonlySet<string> = new Set(['PartyLootRollCast']);

/** A mutation's payload; throws when it was refused. */
export function granted(payload: Data): Data {
  if (payload.errors.length > 0) throw new Error(`Refused: ${JSON.stringify(payload.errors)}`);
  return payload;
}

/** The code a mutation was refused with; throws when it was not. */
export function refused(payload: Data, code: string): string {
  const found = payload.errors[0]?.code;
  if (found !== code) throw new Error(`Expected ${code}, got ${JSON.stringify(payload.errors)}`);
  return payload.errors[0].message;
}
