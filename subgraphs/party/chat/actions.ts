import { idOf } from '@fellowship/graphql';
import { eq } from 'drizzle-orm';
import type { Context } from '../context.ts';
import { deny, denyIf } from '../denials.ts';
import { partyLog } from '../events.ts';
import { enterParty, enterPartyOf } from '../membership/state.ts';
import type { PartyMessageDeleteInput, PartyMessagePostInput } from '../schema.generated.ts';
import { messages } from '../tables/index.ts';
import { linesFrom } from '../texts.ts';
import { addMessage, visibleMessages } from './queries.ts';
import { mayDelete } from './rules.ts';

/** The longest message, in characters. */
const longestBody = 2_000;

/** Says something. Returns the message's id, here and below. */
export const postMessage = (context: Context, input: PartyMessagePostInput): Promise<string> =>
  context.command('partyMessagePost', input, async (tx) => {
    const { playerId: authorId } = context.viewer;
    const { id: partyId } = await enterParty(tx, input.partyId, authorId);
    const body = linesFrom(input.body, longestBody, ['body']);
    const id = context.newId();
    addMessage(tx, { id, partyId, authorId, body, postedAt: tx.now });
    tx.emit({ type: 'party:message-posted', subject: partyLog(partyId), data: { partyId, messageId: id } });
    return id;
  });

/** Takes the text away; the message keeps its place. */
export const deleteMessage = (context: Context, input: PartyMessageDeleteInput): Promise<string> =>
  context.command('partyMessageDelete', input, async (tx) => {
    const { playerId: viewerId } = context.viewer;
    const messageId = idOf(input.messageId) ?? deny('MESSAGE_NOT_FOUND');
    const find = () => visibleMessages(tx, { ids: [messageId], viewerId });
    const { party, thing: message } = await enterPartyOf(tx, find, 'MESSAGE_NOT_FOUND');
    denyIf(mayDelete(party, message, viewerId));
    await tx.db.update(messages).set({ body: null, deletedAt: tx.now }).where(eq(messages.id, messageId));
    const data = { partyId: party.id, messageId };
    tx.emit({ type: 'party:message-deleted', subject: partyLog(party.id), data });
    return messageId;
  });
