import { answer } from '@fellowship/command';
import { idOf } from '@fellowship/graphql';
import type { Context } from '../context.ts';
import { isMember } from '../membership/access.ts';
import type { ReadyCheckRow } from '../rows.ts';
import type { PartyErrorCode, Resolvers } from '../schema.generated.ts';
import { respondToReadyCheck, startReadyCheck } from './actions.ts';

/** Answers a command with its ready check as it is now. */
const readyCheckAfter = (context: Context, command: Promise<string>) =>
  answer<'readyCheck', ReadyCheckRow, PartyErrorCode>('readyCheck', async () =>
    context.loaders.readyCheck.load(await command),
  );

export const readiness: Resolvers = {
  Party: {
    readyCheck: async ({ id }, _args, context) =>
      (await isMember(context, id)) ? context.loaders.readyCheckOf.load(id) : null,
  },

  PartyReadyCheck: {
    __resolveReference: ({ id }, { loaders }) => {
      const readyCheckId = idOf(id);
      return readyCheckId === null ? null : loaders.readyCheck.load(readyCheckId);
    },
    party: ({ partyId }, _args, { loaders }) => loaders.party.load(partyId),
    starter: ({ starterId }) => ({ id: starterId }),
    answers: ({ id }, _args, { loaders }) => loaders.readyAnswersOf.load(id),
  },

  PartyReadyCheckAnswer: {
    player: ({ playerId }) => ({ id: playerId }),
  },

  Mutation: {
    partyReadyCheckStart: (_root, { input }, context) =>
      readyCheckAfter(context, startReadyCheck(context, input)),
    partyReadyCheckRespond: (_root, { input }, context) =>
      readyCheckAfter(context, respondToReadyCheck(context, input)),
  },
};
