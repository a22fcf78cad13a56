import { randomUUID } from 'node:crypto';
import type { Viewer } from '@fellowship/identity';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Data, tenantB, viewer } from '../../../test/kit/subgraph.ts';
import { startGuild, type TestGuild } from '../testing.fixture.ts';

let now = new Date('2031-05-04T12:00:00.000Z');
let guild: TestGuild;
beforeAll(async () => {
  guild = await startGuild({ clock: () => now });
});
afterAll(() => guild.close());

const largest = '9223372036854775807';
const codes = ({ errors }: Data) => errors.map(({ code }: Data) => code);

/** A guild with a leader, a veteran, a member and a tab. */
async function founded() {
  const ada = viewer();
  const guildId = await guild.found(ada);
  const veteran = await guild.join(ada, guildId, 'VETERAN');
  const member = await guild.join(ada, guildId, 'MEMBER');
  const { tab } = await guild.createTab(ada, { guildId, name: 'Ore' });
  return { ada, veteran, member, guildId, tabId: tab.id as string };
}

const read = `query ($id: ID!, $first: Int, $after: String) { guild(id: $id) { bank {
  currency tabs { name items { key quantity } } viewerWithdrawnToday { currency items }
  ledger(first: $first, after: $after) {
    nodes { number kind amount balance itemKey tab { name } player { id } } pageInfo { hasNextPage endCursor } }
  reconciliation { balanced entryCount discrepancies { itemKey held ledger tab { name } } } } } }`;
const bank = async (as: Viewer, id: string, page: object = {}): Promise<Data> =>
  (await guild.run(as, read, { id, ...page })).guild.bank;

describe('deposits and withdrawals', () => {
  test('of currency, to the last unit that 64 bits hold', async () => {
    const { ada, member, guildId } = await founded();
    const deposited = await guild.deposit(member, { guildId, currency: largest });
    expect(deposited).toEqual({
      entry: {
        number: 1,
        kind: 'DEPOSIT',
        player: { id: member.playerId },
        amount: largest,
        balance: largest,
        tab: null,
        itemKey: null,
      },
      errors: [],
    });
    await guild.expectDenied('BALANCE_TOO_HIGH', () => guild.deposit(ada, { guildId, currency: 1 }));
    const withdrawn = await guild.withdrawFromBank(ada, { guildId, currency: '9223372036854775806' });
    expect(withdrawn.entry).toMatchObject({ number: 2, kind: 'WITHDRAWAL', balance: '1' });
    expect(await bank(ada, guildId)).toMatchObject({
      currency: '1',
      viewerWithdrawnToday: { currency: '9223372036854775806', items: '0' },
      reconciliation: { balanced: true, entryCount: 2, discrepancies: [] },
    });
  });

  test('of items, each kind by itself, and gone when there are none', async () => {
    const { ada, guildId, tabId } = await founded();
    const item = (key: string, quantity: number) => ({ guildId, item: { tabId, key, quantity } });
    await guild.deposit(ada, item('iron', 5));
    await guild.deposit(ada, item('gold', 2));
    await guild.deposit(ada, item('iron', 1));
    const taken = await guild.withdrawFromBank(ada, item('gold', 2));
    expect(taken.entry).toMatchObject({ amount: '2', balance: '0', tab: { name: 'Ore' }, itemKey: 'gold' });
    expect(await bank(ada, guildId)).toMatchObject({
      currency: '0',
      tabs: [{ name: 'Ore', items: [{ key: 'iron', quantity: '6' }] }],
      viewerWithdrawnToday: { items: '2' },
      reconciliation: { balanced: true, entryCount: 4 },
    });
  });

  test('are denied, with nothing changed', async () => {
    const { ada, veteran, member, guildId, tabId } = await founded();
    const recruit = await guild.join(ada, guildId);
    const elsewhere = await founded();
    await guild.deposit(ada, { guildId, currency: 100 });
    const item = (differing: object = {}) => ({ tabId, key: 'iron', quantity: 1, ...differing });
    const attempts = [
      ['MISSING_PERMISSION', () => guild.deposit(recruit, { guildId, currency: 1 })],
      ['MISSING_PERMISSION', () => guild.deposit(viewer(), { guildId, currency: 1 })],
      ['MISSING_PERMISSION', () => guild.withdrawFromBank(member, { guildId, currency: 1 })],
      ['GUILD_NOT_FOUND', () => guild.deposit({ ...ada, tenantId: tenantB }, { guildId, currency: 1 })],
      ['AMOUNT_ZERO', () => guild.deposit(ada, { guildId, currency: 0 })],
      ['AMOUNT_NEGATIVE', () => guild.deposit(ada, { guildId, currency: -5 })],
      ['AMOUNT_TOO_LARGE', () => guild.deposit(ada, { guildId, currency: '9223372036854775808' })],
      ['AMOUNT_TOO_LARGE', () => guild.deposit(ada, { guildId, currency: '9'.repeat(100) })],
      ['AMOUNT_ZERO', () => guild.withdrawFromBank(veteran, { guildId, currency: 0 })],
      ['AMOUNT_NEGATIVE', () => guild.withdrawFromBank(veteran, { guildId, currency: '-1' })],
      ['AMOUNT_TOO_LARGE', () => guild.withdrawFromBank(veteran, { guildId, currency: '9'.repeat(19) })],
      ['BALANCE_TOO_LOW', () => guild.withdrawFromBank(veteran, { guildId, currency: 101 })],
      ['BALANCE_TOO_LOW', () => guild.withdrawFromBank(veteran, { guildId, item: item() })],
      ['AMOUNT_NEGATIVE', () => guild.deposit(ada, { guildId, item: item({ quantity: -1 }) })],
      ['BANK_TAB_NOT_FOUND', () => guild.deposit(ada, { guildId, item: item({ tabId: randomUUID() }) })],
      ['BANK_TAB_NOT_FOUND', () => guild.deposit(ada, { guildId, item: item({ tabId: 'x' }) })],
      ['BANK_TAB_NOT_FOUND', () => guild.deposit(ada, { guildId, item: item({ tabId: elsewhere.tabId }) })],
      ['INVALID_INPUT', () => guild.deposit(ada, { guildId, item: item({ key: '' }) })],
      ['INVALID_INPUT', () => guild.deposit(ada, { guildId, item: item({ key: 'x'.repeat(101) }) })],
      ['INVALID_INPUT', () => guild.deposit(ada, { guildId, item: item(), currency: 1 })],
      ['INVALID_INPUT', () => guild.deposit(ada, { guildId })],
    ] as const;
    for (const [code, attempt] of attempts) await guild.expectDenied(code, attempt);
  });

  test.each(['1.5', '01', '', 'x', 1.5, '9'.repeat(101)])('%j is no number', async (currency) => {
    const { ada, guildId } = await founded();
    const { errors } = await guild.execute(
      ada,
      'mutation ($input: GuildBankDepositInput!) { guildBankDeposit(input: $input) { entry { number } } }',
      { input: { guildId, currency } },
    );
    expect(errors?.[0]?.extensions['code'] ?? errors?.[0]?.message).toMatch(/BAD_USER_INPUT|BigInt/);
  });

  test('the same idempotency key moves an amount once', async () => {
    const { ada, guildId } = await founded();
    const input = { guildId, currency: 7, idempotencyKey: randomUUID() };
    const answers = await Promise.all(Array.from({ length: 10 }, () => guild.deposit(ada, input)));
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    expect((await bank(ada, guildId)).currency).toBe('7');
    await guild.expectDenied('IDEMPOTENCY_KEY_REUSED', () => guild.deposit(ada, { ...input, currency: 8 }));
  });

  test('a tab holds a hundred kinds', async () => {
    const { ada, guildId, tabId } = await founded();
    await guild.database.sql`
      insert into guild.bank_items (tenant_id, guild_id, tab_id, key, quantity)
      select ${ada.tenantId}, ${guildId}, ${tabId}, 'item ' || n, 1 from generate_series(1, 100) n`;
    const item = (key: string) => ({ guildId, item: { tabId, key, quantity: 1 } });
    await guild.expectDenied('BANK_TAB_FULL', () => guild.deposit(ada, item('one more')));
    expect(codes(await guild.deposit(ada, item('item 5')))).toEqual([]);
  });
});

describe('daily limits', () => {
  const limited = async (currency: number, items?: number) => {
    const all = await founded();
    const { ada, guildId } = all;
    const rankId = await guild.rank(ada, guildId, 'VETERAN');
    const set = await guild.setLimit(ada, { guildId, rankId, currency, items });
    expect(set.errors).toEqual([]);
    await guild.deposit(ada, { guildId, currency: 100_000 });
    return {
      ...all,
      take: (amount: number) => guild.withdrawFromBank(all.veteran, { guildId, currency: amount }),
    };
  };

  test('hold under parallel withdrawals', async () => {
    const { ada, guildId, take } = await limited(10);
    const answers = await Promise.all(Array.from({ length: 50 }, () => take(1)));
    expect(answers.flatMap(codes)).toEqual(Array.from({ length: 40 }, () => 'DAILY_LIMIT_REACHED'));
    expect(await bank(ada, guildId)).toMatchObject({ currency: '99990', reconciliation: { balanced: true } });
    await guild.expectDenied('DAILY_LIMIT_REACHED', () => take(1));
  });

  test('begin anew at midnight in UTC', async () => {
    const { take, veteran, guildId } = await limited(10);
    const noon = now;
    try {
      now = new Date('2031-05-04T23:59:59.999Z');
      expect(codes(await take(10))).toEqual([]);
      await guild.expectDenied('DAILY_LIMIT_REACHED', () => take(1));
      now = new Date('2031-05-05T00:00:00.000Z');
      expect((await bank(veteran, guildId)).viewerWithdrawnToday.currency).toBe('0');
      expect(codes(await take(10))).toEqual([]);
      await guild.expectDenied('DAILY_LIMIT_REACHED', () => take(1));
    } finally {
      now = noon;
    }
  });

  test('are those of the rank at that moment, against what was withdrawn that day in any', async () => {
    const { ada, veteran, guildId, take } = await limited(10);
    expect(codes(await take(10))).toEqual([]);
    const playerId = veteran.playerId;
    await guild.promote(ada, { guildId, playerId });
    expect(codes(await take(500))).toEqual([]);
    const officer = await guild.rank(ada, guildId, 'OFFICER');
    await guild.setLimit(ada, { guildId, rankId: officer, currency: 600 });
    await guild.expectDenied('DAILY_LIMIT_REACHED', () => take(91));
    expect(codes(await take(90))).toEqual([]);
    await guild.demote(ada, { guildId, playerId });
    await guild.expectDenied('DAILY_LIMIT_REACHED', () => take(1));
    await guild.setLimit(ada, { guildId, rankId: await guild.rank(ada, guildId, 'VETERAN') });
    expect(codes(await take(1))).toEqual([]);
  });

  test('of items count items of all kinds, apart from currency', async () => {
    const { ada, veteran, guildId, tabId, take } = await limited(5, 3);
    const item = (key: string, quantity: number) => ({ guildId, item: { tabId, key, quantity } });
    await guild.deposit(ada, item('iron', 10));
    await guild.deposit(ada, item('gold', 10));
    expect(codes(await take(5))).toEqual([]);
    expect(codes(await guild.withdrawFromBank(veteran, item('iron', 2)))).toEqual([]);
    await guild.expectDenied('DAILY_LIMIT_REACHED', () => guild.withdrawFromBank(veteran, item('gold', 2)));
    expect(codes(await guild.withdrawFromBank(veteran, item('gold', 1)))).toEqual([]);
  });

  test('are set from above, by who manages the bank', async () => {
    const { ada, veteran, guildId } = await founded();
    const [leader, member] = [
      await guild.rank(ada, guildId, 'LEADER'),
      await guild.rank(ada, guildId, 'MEMBER'),
    ];
    const attempts = [
      ['MISSING_PERMISSION', () => guild.setLimit(veteran, { guildId, rankId: member, currency: 1 })],
      ['RANK_NOT_BELOW_YOU', () => guild.setLimit(ada, { guildId, rankId: leader, currency: 1 })],
      ['RANK_NOT_FOUND', () => guild.setLimit(ada, { guildId, rankId: randomUUID(), currency: 1 })],
      ['RANK_NOT_FOUND', () => guild.setLimit(ada, { guildId, rankId: 'x', currency: 1 })],
      ['AMOUNT_NEGATIVE', () => guild.setLimit(ada, { guildId, rankId: member, currency: -1 })],
      [
        'AMOUNT_TOO_LARGE',
        () => guild.setLimit(ada, { guildId, rankId: member, items: '9223372036854775808' }),
      ],
    ] as const;
    for (const [code, attempt] of attempts) await guild.expectDenied(code, attempt);
    expect(
      (await guild.setLimit(ada, { guildId, rankId: member, currency: largest, items: 0 })).rank,
    ).toEqual({
      kind: 'MEMBER',
      bankCurrencyLimit: largest,
      bankItemLimit: '0',
    });
  });
});

describe('tabs', () => {
  test('have names of their own', async () => {
    const { ada, veteran, guildId, tabId } = await founded();
    expect((await guild.updateTab(ada, { guildId, tabId, name: ' Ores  and gems ' })).tab.name).toBe(
      'Ores and gems',
    );
    const { tab } = await guild.createTab(ada, { guildId, name: 'Food' });
    const attempts = [
      ['BANK_TAB_NAME_TAKEN', () => guild.createTab(ada, { guildId, name: 'ORES AND GEMS' })],
      ['BANK_TAB_NAME_TAKEN', () => guild.updateTab(ada, { guildId, tabId: tab.id, name: 'ores and gems' })],
      ['BANK_TAB_NOT_FOUND', () => guild.updateTab(ada, { guildId, tabId: randomUUID(), name: 'x' })],
      ['BANK_TAB_NOT_FOUND', () => guild.updateTab(ada, { guildId, tabId: 'x', name: 'x' })],
      ['MISSING_PERMISSION', () => guild.createTab(veteran, { guildId, name: 'Mine' })],
      ['MISSING_PERMISSION', () => guild.updateTab(veteran, { guildId, tabId, name: 'Mine' })],
      ['INVALID_INPUT', () => guild.createTab(ada, { guildId, name: '' })],
      ['INVALID_INPUT', () => guild.createTab(ada, { guildId, name: 'x'.repeat(41) })],
    ] as const;
    for (const [code, attempt] of attempts) await guild.expectDenied(code, attempt);
  });

  test('are twenty at most, also when asked for at once', async () => {
    const { ada, guildId } = await founded();
    const answers = await Promise.all(
      Array.from({ length: 25 }, (_, n) => guild.createTab(ada, { guildId, name: `Tab ${n}` })),
    );
    expect(answers.flatMap(codes)).toEqual(Array.from({ length: 6 }, () => 'TOO_MANY_BANK_TABS'));
  });
});

describe('the ledger', () => {
  test('is paged, newest first, for members alone', async () => {
    const { ada, member, guildId } = await founded();
    for (let n = 1; n <= 5; n += 1) await guild.deposit(ada, { guildId, currency: n });
    const seen: number[] = [];
    let after: string | undefined;
    for (;;) {
      const { ledger } = await bank(member, guildId, { first: 2, after });
      seen.push(...ledger.nodes.map(({ number }: Data) => number));
      if (!ledger.pageInfo.hasNextPage) break;
      after = ledger.pageInfo.endCursor;
      await guild.deposit(ada, { guildId, currency: 1 });
    }
    expect(seen).toEqual([5, 4, 3, 2, 1]);
    expect(await bank(viewer(), guildId)).toBeNull();
    expect((await bank(member, guildId)).reconciliation).toBeNull();
  });

  test('is append-only, for the owner of the database too', async () => {
    const { ada, guildId } = await founded();
    await guild.deposit(ada, { guildId, currency: 5 });
    const { sql } = guild.database;
    await expect(sql`update guild.bank_ledger set amount = 50`).rejects.toThrow('append-only');
    await expect(sql`delete from guild.bank_ledger`).rejects.toThrow('append-only');
    await expect(sql`truncate guild.bank_ledger cascade`).rejects.toThrow('append-only');
    await expect(sql`update guild.banks set currency = -1 where guild_id = ${guildId}`).rejects.toThrow(
      'banks_currency',
    );
  });

  test('tells when the bank holds something else', async () => {
    const { ada, guildId, tabId } = await founded();
    await guild.deposit(ada, { guildId, currency: 5 });
    await guild.deposit(ada, { guildId, item: { tabId, key: 'iron', quantity: 2 } });
    await guild.database.sql`update guild.banks set currency = 50 where guild_id = ${guildId}`;
    await guild.database.sql`delete from guild.bank_items where guild_id = ${guildId}`;
    const { reconciliation } = await bank(ada, guildId);
    expect(reconciliation).toEqual({
      balanced: false,
      entryCount: 2,
      discrepancies: expect.arrayContaining([
        { itemKey: null, tab: null, held: '50', ledger: '5' },
        { itemKey: 'iron', tab: { name: 'Ore' }, held: '0', ledger: '2' },
      ]),
    });
  });

  test('costs as many statements whatever is in it', async () => {
    const { ada, guildId, tabId } = await founded();
    const count = async () => (await guild.statements(() => bank(ada, guildId))).length;
    const few = await count();
    for (let n = 0; n < 10; n += 1) {
      await guild.deposit(ada, { guildId, currency: 1 });
      await guild.deposit(ada, { guildId, item: { tabId, key: `k${n}`, quantity: 1 } });
      await guild.createTab(ada, { guildId, name: `Tab ${n}` });
    }
    expect(await count()).toBe(few);
    const moves = async (quantity: number) =>
      (await guild.statements(() => guild.deposit(ada, { guildId, item: { tabId, key: 'k1', quantity } })))
        .length;
    expect(await moves(5)).toBe(await moves(500));
  });
});

test('whatever happens at once, nothing is made or lost', async () => {
  const movement = fc.record({
    deposit: fc.boolean(),
    amount: fc.bigInt({ min: -2n, max: 60n }),
    of: fc.constantFrom('currency', 'iron', 'gold'),
    by: fc.nat(2),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(movement, { minLength: 50, maxLength: 50 }), async (movements) => {
      const { ada, veteran, member, guildId, tabId } = await founded();
      const players = [ada, veteran, member] as const;
      const sums = { currency: 0n, iron: 0n, gold: 0n };
      await Promise.all(
        movements.map(async ({ deposit, amount, of, by }) => {
          const what =
            of === 'currency'
              ? { currency: String(amount) }
              : { item: { tabId, key: of, quantity: String(amount) } };
          const player = players[by] ?? ada;
          const act = deposit ? guild.deposit : guild.withdrawFromBank;
          const { entry } = await act(player, { guildId, ...what });
          if (entry) sums[of as keyof typeof sums] += deposit ? amount : -amount;
        }),
      );
      const { currency, tabs, ledger, reconciliation } = await bank(ada, guildId, { first: 100 });
      const items = new Map(tabs[0].items.map(({ key, quantity }: Data) => [key, BigInt(quantity)]));
      expect(BigInt(currency)).toBe(sums.currency);
      expect(items.get('iron') ?? 0n).toBe(sums.iron);
      expect(items.get('gold') ?? 0n).toBe(sums.gold);
      expect(reconciliation).toMatchObject({ balanced: true, entryCount: ledger.nodes.length });
      const numbers = ledger.nodes.map(({ number }: Data) => number);
      expect(numbers).toEqual(numbers.map((_: number, index: number) => numbers.length - index));
    }),
    { numRuns: 8 },
  );
});
