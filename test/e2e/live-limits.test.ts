import type { Listening } from '@fellowship/client';
import { type Client, createClient } from 'graphql-ws';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import type { Data, Player } from '../kit/client.ts';
import { startStack, type TestStack } from '../kit/stack.ts';

const ACTIVITY = `subscription ($id: ID!, $after: String) {
  partyActivity(partyId: $id, after: $after) { __typename cursor }
}`;
/** Large enough that what the system buffers between the two is a few hundred events. */
const TEXTS = `subscription ($id: ID!, $after: String) { partyActivity(partyId: $id, after: $after) { cursor
  ... on PartyMessagePosted { message { ${Array.from({ length: 10 }, (_, n) => `b${n}: body`).join(' ')} } } } }`;
const MESSAGES = 2_000;
const SOCKET_OPERATIONS = 3;
const PLAYER_SUBSCRIPTIONS = 5;

/** The bounds of what is live, through the whole system. In one process: it is the gateway alone that has them. */
describe('limits of subscriptions', () => {
  let graph: TestStack;
  let ada: Player;
  let bea: Player;
  let partyId: string;
  const sockets: Client[] = [];

  beforeAll(async () => {
    graph = await startStack('process', {
      LIMIT_SOCKET_OPERATIONS: String(SOCKET_OPERATIONS),
      LIMIT_PLAYER_SUBSCRIPTIONS: String(PLAYER_SUBSCRIPTIONS),
    });
    [ada, bea] = await Promise.all([graph.player('Ada'), graph.player('Bea')]);
    const { party } = await ada.mutate('partyCreate', { joinPolicy: 'OPEN', role: 'TANK' }, 'party { id }');
    partyId = party.id;
    await bea.mutate('partyJoin', { partyId, role: 'DPS' }, 'party { id }');
  });
  afterAll(async () => {
    await Promise.all(sockets.map((socket) => socket.dispose()));
    await graph?.stop();
  });

  const cursorAt = (sequence: number) => Buffer.from(`party:${partyId} ${sequence}`).toString('base64url');
  const sequenceOf = (cursor: string) => Number(Buffer.from(cursor, 'base64url').toString().split(' ')[1]);
  const fromTheStart = () => ({ id: partyId, after: cursorAt(0) });

  /** One socket for many subscriptions, whose client may stop reading. */
  function openSocket({ token }: Player) {
    const opened: WebSocket[] = [];
    class Observed extends WebSocket {
      constructor(url: string, protocols: string) {
        super(url, protocols);
        opened.push(this);
      }
    }
    const client = createClient({
      url: `${graph.url.replace('http', 'ws')}/graphql`,
      webSocketImpl: Observed,
      connectionParams: { authorization: `Bearer ${token}` },
      retryAttempts: 0,
    });
    sockets.push(client);
    const subscribe = (query: string, variables: Record<string, unknown>) => {
      const results = client.iterate<Record<string, Data>>({ query, variables });
      const next = async () => {
        try {
          const { value } = await results.next();
          return value as Awaited<ReturnType<Listening['next']>>;
        } catch (errors) {
          return { errors } as Awaited<ReturnType<Listening['next']>>;
        }
      };
      return { next, close: async () => void (await results.return?.()) };
    };
    return { subscribe, pause: () => opened[0]?.pause(), resume: () => opened[0]?.resume() };
  }

  /** What one hears: an event's type, or the code that ended it. */
  async function heard(listening: Pick<Listening, 'next'>): Promise<string> {
    const { data, errors } = await listening.next();
    return data?.['partyActivity']?.__typename ?? errors?.[0]?.extensions?.['code'];
  }

  test('a socket that has all it may have is refused one more, keeps what it has, and may replace it', async () => {
    const socket = openSocket(ada);
    const open = () => socket.subscribe(ACTIVITY, fromTheStart());
    const running = Array.from({ length: SOCKET_OPERATIONS }, open);
    for (const each of running) expect(await heard(each)).toBe('PartyCreated');
    expect(await heard(open())).toBe('TOO_MANY_SUBSCRIPTIONS');
    for (const each of running) expect(await heard(each)).toBe('PartyMemberJoined');
    await running.pop()?.close();
    const another = open();
    expect(await heard(another)).toBe('PartyCreated');
    await Promise.all([...running, another].map((each) => each.close()));
  });

  test('so is a player on all sockets together, and nobody else', async () => {
    const open = (player: Player) => player.subscribe(ACTIVITY, fromTheStart());
    const running: Listening[] = [];
    for (let nth = 0; nth < PLAYER_SUBSCRIPTIONS; nth++) running.push(await open(ada));
    for (const each of running) expect(await heard(each)).toBe('PartyCreated');
    const tooMany = await open(ada);
    expect(await heard(tooMany)).toBe('TOO_MANY_SUBSCRIPTIONS');
    await expect(tooMany.next()).rejects.toThrow('The subscription has ended');
    const other = await open(bea);
    expect(await heard(other)).toBe('PartyCreated');
    for (const each of running) expect(await heard(each)).toBe('PartyMemberJoined');
    await running.pop()?.close();
    const another = await open(ada);
    expect(await heard(another)).toBe('PartyCreated');
    await Promise.all([...running, tooMany, other, another].map((each) => each.close()));
  });

  /** So many times the last event again, at once: by mutations it would take longer than a socket may be stuck. */
  async function repeatLast(times: number): Promise<void> {
    const subject = `party:${partyId}`;
    await graph.database.sql.begin(async (sql) => {
      await sql`
        insert into party.activity (tenant_id, subject, sequence, id, type, actor_id, data, occurred_at)
        select tenant_id, subject, head.sequence + n, gen_random_uuid(), type, actor_id, data, occurred_at
        from party.activity join party.activity_heads head using (tenant_id, subject, sequence),
          generate_series(1, ${times}) n
        where subject = ${subject} order by n`;
      await sql`update party.activity_heads set sequence = sequence + ${times} where subject = ${subject}`;
    });
  }

  test('who reads too little is ended by name, alone, and by its cursor misses nothing', async () => {
    const body = 'x'.repeat(2_000);
    await bea.mutate('partyMessagePost', { partyId, body }, 'message { id }');
    const first = 3;
    const last = first + MESSAGES;
    const slow = openSocket(ada);
    const after = { id: partyId, after: cursorAt(first - 1) };
    const listening = slow.subscribe(TEXTS, after);
    const witness = await bea.subscribe(TEXTS, after);
    const cursors = { slow: [] as number[], witness: [] as number[] };
    const take = (to: number[], { data }: Data) => to.push(sequenceOf(data.partyActivity.cursor));
    take(cursors.slow, await listening.next());
    take(cursors.witness, await witness.next());

    slow.pause();
    await repeatLast(MESSAGES);
    while (cursors.witness.at(-1) !== last) {
      take(cursors.witness, await witness.next());
      if (cursors.witness.length % 100 > 0) continue;
      // Of a socket whose client takes nothing for 10 s there is not even a last word.
      slow.resume();
      for (let sip = 0; sip < 5; sip++) take(cursors.slow, await listening.next());
      slow.pause();
    }
    slow.resume();
    let result = await listening.next();
    for (; !result.errors; result = await listening.next()) take(cursors.slow, result);
    const { code, cursor } = result.errors[0]?.extensions ?? {};
    expect(code).toBe('SLOW_CONSUMER');
    expect(cursor).toBe(cursorAt(cursors.slow.at(-1) ?? 0));
    expect(cursors.slow.length).toBeGreaterThan(1_000);
    expect(cursors.slow.length).toBeLessThan(MESSAGES);

    const resumed = slow.subscribe(TEXTS, { id: partyId, after: cursor });
    while (cursors.slow.at(-1) !== last) take(cursors.slow, await resumed.next());
    const all = Array.from({ length: MESSAGES + 1 }, (_, nth) => first + nth);
    expect(cursors.slow).toEqual(all);
    expect(cursors.witness).toEqual(all);
    await Promise.all([listening, resumed, witness].map((each) => each.close()));
  });
});
