import { answer } from '@fellowship/command';
import { idOf } from '@fellowship/graphql';
import { connection, encode, pageOf, uuidKey } from '@fellowship/pagination';
import { requireScope } from '@fellowship/subgraph';
import type { Context } from '../context.ts';
import { isMember } from '../membership/access.ts';
import type { QuestRow } from '../rows.ts';
import type { PartyErrorCode, Resolvers } from '../schema.generated.ts';
import { abandonQuest, reportObjective, shareQuest } from './actions.ts';

/** Answers a command with its quest as it is now. */
const questAfter = (context: Context, command: Promise<string>) =>
  answer<'quest', QuestRow, PartyErrorCode>('quest', async () => context.loaders.quest.load(await command));

export const quests: Resolvers = {
  Party: {
    quests: async ({ id }, _args, context) =>
      (await isMember(context, id)) ? context.loaders.questsOf.load(id) : [],
    questHistory: async ({ id }, args, context) => {
      const page = pageOf(args, [uuidKey]);
      const rows = (await isMember(context, id)) ? await context.loaders.questHistoryOf(page).load(id) : [];
      return connection(rows, page, ({ id }) => encode([id]));
    },
  },

  PartyQuest: {
    __resolveReference: ({ id }, { loaders }) => {
      const questId = idOf(id);
      return questId === null ? null : loaders.quest.load(questId);
    },
    party: ({ partyId }, _args, { loaders }) => loaders.party.load(partyId),
    questKey: ({ key }) => key,
    sharer: ({ sharerId }) => ({ id: sharerId }),
    objectives: ({ id }, _args, { loaders }) => loaders.objectivesOf.load(id),
  },

  PartyQuestObjective: {
    isComplete: ({ progress, target }) => progress === target,
  },

  Mutation: {
    partyQuestShare: (_root, { input }, context) => questAfter(context, shareQuest(context, input)),
    partyQuestAbandon: (_root, { input }, context) => questAfter(context, abandonQuest(context, input)),
    partyObjectiveReport: (_root, { input }, context) => {
      requireScope(context.viewer, 'service:quest');
      return questAfter(context, reportObjective(context, input));
    },
  },
};
