import { common } from '../activity/common.ts';
import type { Context } from '../context.ts';
import type { Resolvers } from '../schema.generated.ts';
import type { EntryKey } from './queries.ts';
import { findTab } from './resolvers.ts';

interface Of<Data> {
  readonly data: Data;
}

const entry = ({ data }: Of<EntryKey>, _args: object, { loaders }: Context) =>
  loaders.bankEntry.load({ guildId: data.guildId, sequence: data.sequence });

const tab = (
  { data }: Of<{ readonly guildId: string; readonly tabId: string }>,
  _args: object,
  context: Context,
) => findTab(context, data.guildId, data.tabId);

/** The bank's events. */
export const bankActivity: Resolvers = {
  GuildBankDeposited: { ...common, entry },
  GuildBankWithdrawn: { ...common, entry },
  GuildBankTabCreated: { ...common, tab },
  GuildBankTabUpdated: { ...common, tab },
  GuildBankLimitChanged: {
    ...common,
    rank: async ({ data }, _args, { loaders }) =>
      (await loaders.ranksOf.load(data.guildId)).find(({ id }) => id === data.rankId) ?? null,
  },
};
