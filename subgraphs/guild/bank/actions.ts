import { idOf } from '@fellowship/graphql';
import { violatedConstraint } from '@fellowship/postgres';
import { lineOf } from '@fellowship/text';
import { and, count, eq, sql } from 'drizzle-orm';
import { record } from '../audit/record.ts';
import type { Context, Tx } from '../context.ts';
import { deny, denyIf } from '../denials.ts';
import { guildLog } from '../events.ts';
import { nameKey } from '../guilds/names.ts';
import { enterGuild } from '../guilds/state.ts';
import { onlookerOf } from '../guilds/visibility.ts';
import { ranksOfGuilds } from '../ranks/queries.ts';
import type { MemberRow } from '../rows.ts';
import type {
  GuildBankDepositInput,
  GuildBankLimitSetInput,
  GuildBankTabCreateInput,
  GuildBankTabUpdateInput,
  GuildBankWithdrawInput,
} from '../schema.generated.ts';
import { bankItems, bankLedger, banks, bankTabs, bankWithdrawals, ranks } from '../tables/index.ts';
import { dayOf } from './days.ts';
import { type EntryKey, type Holding, stockOf, withdrawnOn } from './queries.ts';
import { mayDeposit, mayLimit, mayManageTabs, mayWithdraw, mostTabs } from './rules.ts';

export const deposit = (context: Context, input: GuildBankDepositInput): Promise<EntryKey> =>
  context.command('guildBankDeposit', input, async (tx) => {
    const { guild, actor } = await enterGuild(tx, context.viewer, input.guildId);
    const { amount, ...holding } = movementOf(guild.id, input);
    const stock = await stockOf(tx, holding);
    denyIf(mayDeposit(actor, amount, stock));
    if (holding.tabId !== null && !stock.hasTab) deny('BANK_TAB_NOT_FOUND', ['item', 'tabId']);
    return move(tx, context.viewer.playerId, holding, amount, stock.balance + amount);
  });

export const withdraw = (context: Context, input: GuildBankWithdrawInput): Promise<EntryKey> =>
  context.command('guildBankWithdraw', input, async (tx) => {
    const { playerId } = context.viewer;
    const { guild, actor } = await enterGuild(tx, context.viewer, input.guildId);
    const { amount, ...holding } = movementOf(guild.id, input);
    const [stock, withdrawn] = [
      await stockOf(tx, holding),
      await withdrawnOn(tx, { guildId: guild.id, playerId, day: dayOf(tx.now) }),
    ];
    const kind = holding.tabId === null ? 'currency' : 'items';
    const allowance = { limit: limitOf(actor, kind), withdrawn: withdrawn[kind] };
    denyIf(mayWithdraw(actor, amount, stock, allowance));
    await countWithdrawal(tx, playerId, guild.id, { [kind]: amount });
    return move(tx, playerId, holding, -amount, stock.balance - amount);
  });

export const createTab = (context: Context, input: GuildBankTabCreateInput): Promise<TabKey> =>
  context.command('guildBankTabCreate', input, async (tx) => {
    const { guild, actor } = await enterGuild(tx, context.viewer, input.guildId);
    denyIf(mayManageTabs(actor));
    const name = lineOf(input.name, 1, 40) ?? deny('INVALID_INPUT', ['name']);
    const [has] = await tx.db.select({ tabs: count() }).from(bankTabs).where(eq(bankTabs.guildId, guild.id));
    if (has && has.tabs >= mostTabs) deny('TOO_MANY_BANK_TABS');
    const id = context.newId();
    const row = { guildId: guild.id, id, name, nameKey: nameKey(name), createdAt: tx.now };
    await denyIfTaken(tx.db.insert(bankTabs).values(row));
    const data = { guildId: guild.id, tabId: id };
    tx.emit({ type: 'guild.bank.tab.created', subject: guildLog(guild.id), data });
    const action = 'BANK_TAB_CREATED';
    await record(tx, context, { guildId: guild.id, action, subjectId: id, after: { name } });
    return { guildId: guild.id, id };
  });

export const updateTab = (context: Context, input: GuildBankTabUpdateInput): Promise<TabKey> =>
  context.command('guildBankTabUpdate', input, async (tx) => {
    const { guild, actor } = await enterGuild(tx, context.viewer, input.guildId);
    denyIf(mayManageTabs(actor));
    const name = lineOf(input.name, 1, 40) ?? deny('INVALID_INPUT', ['name']);
    const id = idOf(input.tabId) ?? deny('BANK_TAB_NOT_FOUND', ['tabId']);
    const its = and(eq(bankTabs.guildId, guild.id), eq(bankTabs.id, id));
    const [before] = await tx.db.select({ name: bankTabs.name }).from(bankTabs).where(its);
    if (!before) deny('BANK_TAB_NOT_FOUND', ['tabId']);
    await denyIfTaken(
      tx.db
        .update(bankTabs)
        .set({ name, nameKey: nameKey(name) })
        .where(its),
    );
    const data = { guildId: guild.id, tabId: id };
    tx.emit({ type: 'guild.bank.tab.updated', subject: guildLog(guild.id), data });
    const action = 'BANK_TAB_UPDATED';
    await record(tx, context, { guildId: guild.id, action, subjectId: id, before, after: { name } });
    return { guildId: guild.id, id };
  });

/** Returns the keys of the guild and the rank. */
export const setLimit = (context: Context, input: GuildBankLimitSetInput): Promise<TabKey> =>
  context.command('guildBankLimitSet', input, async (tx) => {
    const { viewer } = context;
    const { guild, actor } = await enterGuild(tx, viewer, input.guildId);
    const rankId = idOf(input.rankId);
    const all = await ranksOfGuilds(tx, { ...onlookerOf(viewer), guildIds: [guild.id] });
    const chosen = all.find(({ id }) => id === rankId) ?? null;
    const [currency, items] = [input.currency ?? null, input.items ?? null];
    denyIf(mayLimit(actor, chosen, [currency, items]));
    const rank = chosen ?? deny('RANK_NOT_FOUND', ['rankId']);
    const its = and(eq(ranks.guildId, guild.id), eq(ranks.id, rank.id));
    await tx.db.update(ranks).set({ bankCurrencyLimit: currency, bankItemLimit: items }).where(its);
    const data = { guildId: guild.id, rankId: rank.id };
    tx.emit({ type: 'guild.bank.limit.set', subject: guildLog(guild.id), data });
    await record(tx, context, {
      guildId: guild.id,
      action: 'BANK_LIMIT_SET',
      subjectId: rank.id,
      before: limits(rank.bankCurrencyLimit, rank.bankItemLimit),
      after: limits(currency, items),
    });
    return { guildId: guild.id, id: rank.id };
  });

/** A part of a guild, named by both. */
export interface TabKey {
  readonly guildId: string;
  readonly id: string;
}

const text = (amount: bigint | null) => (amount === null ? null : String(amount));
const limits = (currency: bigint | null, items: bigint | null) => {
  return { currency: text(currency), items: text(items) };
};

const limitOf = (actor: MemberRow | null, kind: 'currency' | 'items'): bigint | null =>
  (kind === 'currency' ? actor?.rank.bankCurrencyLimit : actor?.rank.bankItemLimit) ?? null;

/** Currency, or items: exactly one of them. */
function movementOf(
  guildId: string,
  { currency, item }: Pick<GuildBankDepositInput, 'currency' | 'item'>,
): Holding & { readonly amount: bigint } {
  const hasCurrency = currency !== null && currency !== undefined;
  if (hasCurrency === Boolean(item)) deny('INVALID_INPUT', ['currency']);
  if (hasCurrency) return { guildId, tabId: null, itemKey: null, amount: currency };
  if (!item) return deny('INVALID_INPUT', ['item']);
  const tabId = idOf(item.tabId) ?? deny('BANK_TAB_NOT_FOUND', ['item', 'tabId']);
  const itemKey = lineOf(item.key, 1, 100) ?? deny('INVALID_INPUT', ['item', 'key']);
  return { guildId, tabId, itemKey, amount: item.quantity };
}

/** Moves an amount that the rules let through, and writes it down. */
async function move(
  tx: Tx,
  playerId: string,
  of: Holding,
  amount: bigint,
  balance: bigint,
): Promise<EntryKey> {
  const { guildId, tabId, itemKey } = of;
  const [bank] = await tx.db
    .insert(banks)
    .values({ guildId, currency: tabId === null ? balance : 0n, entries: 1 })
    .onConflictDoUpdate({
      target: [banks.tenantId, banks.guildId],
      set: { ...(tabId === null && { currency: balance }), entries: sql`${banks.entries} + 1` },
    })
    .returning({ entries: banks.entries });
  if (!bank) throw new Error('An insert gave no row');
  if (tabId !== null && itemKey !== null)
    await setItem(tx, { guildId, tabId, key: itemKey, quantity: balance });

  const sequence = bank.entries;
  await tx.db
    .insert(bankLedger)
    .values({ guildId, sequence, playerId, tabId, itemKey, amount, balance, createdAt: tx.now });
  const [type, moved] =
    amount > 0n ? (['guild.bank.deposited', amount] as const) : (['guild.bank.withdrawn', -amount] as const);
  const data = { guildId, sequence, playerId, tabId, itemKey, amount: String(moved) };
  tx.emit({ type, subject: guildLog(guildId), data });
  return { guildId, sequence };
}

async function setItem(tx: Tx, row: { guildId: string; tabId: string; key: string; quantity: bigint }) {
  const { guildId, tabId, key, quantity } = row;
  const its = and(eq(bankItems.guildId, guildId), eq(bankItems.tabId, tabId), eq(bankItems.key, key));
  if (quantity === 0n) return tx.db.delete(bankItems).where(its);
  return tx.db
    .insert(bankItems)
    .values(row)
    .onConflictDoUpdate({
      target: [bankItems.tenantId, bankItems.guildId, bankItems.tabId, bankItems.key],
      set: { quantity },
    });
}

async function countWithdrawal(
  tx: Tx,
  playerId: string,
  guildId: string,
  { currency = 0n, items = 0n }: { currency?: bigint; items?: bigint },
): Promise<void> {
  const { tenantId, guildId: guild, playerId: player, day } = bankWithdrawals;
  await tx.db
    .insert(bankWithdrawals)
    .values({ guildId, playerId, day: dayOf(tx.now), currency, items })
    .onConflictDoUpdate({
      target: [tenantId, guild, player, day],
      set: {
        currency: sql`${bankWithdrawals.currency} + ${String(currency)}::bigint`,
        items: sql`${bankWithdrawals.items} + ${String(items)}::bigint`,
      },
    });
}

async function denyIfTaken(write: PromiseLike<unknown>): Promise<void> {
  try {
    await write;
  } catch (error) {
    if (violatedConstraint(error) === 'bank_tabs_one_name') deny('BANK_TAB_NAME_TAKEN', ['name']);
    throw error;
  }
}
