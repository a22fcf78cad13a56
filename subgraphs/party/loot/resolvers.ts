import { answer } from '@fellowship/command';
import { idOf } from '@fellowship/graphql';
import { connection, encode, pageOf, uuidKey } from '@fellowship/pagination';
import { requireScope } from '@fellowship/subgraph';
import type { Context } from '../context.ts';
import { partyAfter } from '../membership/resolvers.ts';
import type { LootDropRow, LootItemRow, LootSettingsRow } from '../rows.ts';
import type { PartyErrorCode, Resolvers } from '../schema.generated.ts';
import { masterLooterOf } from './access.ts';
import { assignLoot, claimLoot, reportLoot, rollForLoot, setLootSettings } from './actions.ts';
import type { LootRounds, LootSettings } from './rules.ts';

/** Answers a command with its item as it is now. */
const itemAfter = (context: Context, command: Promise<string>) =>
  answer<'item', LootItemRow, PartyErrorCode>('item', async () =>
    context.loaders.lootItem.load(await command),
  );

const dropAfter = (context: Context, command: Promise<string>) =>
  answer<'drop', LootDropRow, PartyErrorCode>('drop', async () =>
    context.loaders.lootDrop.load(await command),
  );

const settingsOf = (partyId: string, settings: LootSettings): LootSettingsRow => {
  const { lootMode, lootThreshold, masterLooterId, rollSeconds } = settings;
  return { partyId, lootMode, lootThreshold, masterLooterId, rollSeconds };
};

export const roundsOf = (rounds: LootRounds) => rounds.map((rolls, index) => ({ round: index + 1, rolls }));

export const loot: Resolvers = {
  Party: {
    lootSettings: (party) => settingsOf(party.id, party),
    lootDrops: async ({ id }, args, { loaders }) => {
      const page = pageOf(args, [uuidKey]);
      return connection(await loaders.lootDropsOf(page).load(id), page, ({ id }) => encode([id]));
    },
    lootDrop: async (party, { id }, { loaders }) => {
      const drop = await dropById(loaders, id);
      return drop?.partyId === party.id ? drop : null;
    },
  },

  PartyLootSettings: {
    mode: ({ lootMode }) => lootMode,
    threshold: ({ lootThreshold }) => lootThreshold,
    masterLooter: async (settings, _args, context) => player(await masterLooterOf(context, settings)),
  },

  PartyLootDrop: {
    __resolveReference: ({ id }, { loaders }) => dropById(loaders, id),
    party: ({ partyId }, _args, { loaders }) => loaders.party.load(partyId),
    settings: (drop) => settingsOf(drop.partyId, drop),
    items: ({ id }, _args, { loaders }) => loaders.lootItemsOf.load(id),
  },

  PartyLootItem: {
    drop: ({ dropId }, _args, { loaders }) => loaders.lootDrop.load(dropId),
    candidates: ({ id }, _args, { loaders }) => loaders.lootCandidatesOf.load(id),
    rounds: ({ rounds }) => roundsOf(rounds),
    winner: ({ winnerId }) => player(winnerId),
  },

  PartyLootCandidate: {
    player: ({ playerId }) => ({ id: playerId }),
    hasLeft: ({ left }) => left,
  },

  PartyLootRoll: {
    player: ({ playerId }) => ({ id: playerId }),
  },

  Mutation: {
    partyLootSettingsSet: (_root, { input }, context) => partyAfter(context, setLootSettings(context, input)),
    partyLootRoll: (_root, { input }, context) => itemAfter(context, rollForLoot(context, input)),
    partyLootAssign: (_root, { input }, context) => itemAfter(context, assignLoot(context, input)),
    partyLootClaim: (_root, { input }, context) => itemAfter(context, claimLoot(context, input)),
    partyLootReport: (_root, { input }, context) => {
      requireScope(context.viewer, 'service:combat');
      return dropAfter(context, reportLoot(context, input));
    },
  },
};

const player = (id: string | null) => (id === null ? null : { id });

function dropById(loaders: Context['loaders'], id: string): Promise<LootDropRow | null> | null {
  const dropId = idOf(id);
  return dropId === null ? null : loaders.lootDrop.load(dropId);
}
