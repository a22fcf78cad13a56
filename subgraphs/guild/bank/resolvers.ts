import { answer } from '@fellowship/command';
import { connection, encode, type KeyPart, pageOf } from '@fellowship/pagination';
import type { Context } from '../context.ts';
import type { BankEntryRow, BankTabRow, RankRow } from '../rows.ts';
import type { GuildErrorCode, Resolvers } from '../schema.generated.ts';
import { createTab, deposit, setLimit, type TabKey, updateTab, withdraw } from './actions.ts';
import type { EntryKey } from './queries.ts';

const sequenceKey: KeyPart = (text) => /^[1-9]\d{0,14}$/.test(text);

const entryAfter = (context: Context, command: Promise<EntryKey>) =>
  answer<'entry', BankEntryRow, GuildErrorCode>('entry', async () => {
    const key = await command;
    return context.loaders.bankEntry.load(key);
  });

const tabAfter = (context: Context, command: Promise<TabKey>) =>
  answer<'tab', BankTabRow, GuildErrorCode>('tab', async () => {
    const { guildId, id } = await command;
    return findTab(context, guildId, id);
  });

const rankAfter = (context: Context, command: Promise<TabKey>) =>
  answer<'rank', RankRow, GuildErrorCode>('rank', async () => {
    const key = await command;
    return (await context.loaders.ranksOf.load(key.guildId)).find(({ id }) => id === key.id) ?? null;
  });

export const findTab = async ({ loaders }: Context, guildId: string, tabId: string | null) =>
  tabId === null ? null : ((await loaders.bankTabsOf.load(guildId)).find(({ id }) => id === tabId) ?? null);

const size = (amount: bigint) => (amount < 0n ? -amount : amount);

export const bank: Resolvers = {
  Guild: {
    bank: ({ id }, _args, { loaders }) => loaders.bank.load(id),
  },

  GuildBank: {
    tabs: ({ guildId }, _args, { loaders }) => loaders.bankTabsOf.load(guildId),
    ledger: async ({ guildId }, args, { loaders }) => {
      const page = pageOf(args, [sequenceKey]);
      const rows = await loaders.bankLedgerOf(page).load(guildId);
      return connection(rows, page, ({ sequence }) => encode([String(sequence)]));
    },
    viewerWithdrawnToday: ({ withdrawnCurrency, withdrawnItems }) => {
      return { currency: withdrawnCurrency, items: withdrawnItems };
    },
    reconciliation: async ({ guildId }, _args, { loaders }) => {
      const found = await loaders.reconciliation.load(guildId);
      return found && { ...found, balanced: found.discrepancies.length === 0 };
    },
  },

  GuildBankTab: {
    items: (tab, _args, { loaders }) => loaders.bankItemsOf.load(tab),
  },

  GuildBankEntry: {
    number: ({ sequence }) => sequence,
    kind: ({ amount }) => (amount > 0n ? 'DEPOSIT' : 'WITHDRAWAL'),
    player: ({ playerId }) => ({ id: playerId }),
    amount: ({ amount }) => size(amount),
    tab: ({ guildId, tabId }, _args, context) => findTab(context, guildId, tabId),
  },

  GuildBankDiscrepancy: {
    tab: ({ guildId, tabId }, _args, context) => findTab(context, guildId, tabId),
    held: ({ held }) => BigInt(held),
    ledger: ({ ledger }) => BigInt(ledger),
  },

  Mutation: {
    guildBankTabCreate: (_root, { input }, context) => tabAfter(context, createTab(context, input)),
    guildBankTabUpdate: (_root, { input }, context) => tabAfter(context, updateTab(context, input)),
    guildBankDeposit: (_root, { input }, context) => entryAfter(context, deposit(context, input)),
    guildBankWithdraw: (_root, { input }, context) => entryAfter(context, withdraw(context, input)),
    guildBankLimitSet: (_root, { input }, context) => rankAfter(context, setLimit(context, input)),
  },
};
