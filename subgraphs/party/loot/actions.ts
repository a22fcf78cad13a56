import { idOf } from '@fellowship/graphql';
import { eq } from 'drizzle-orm';
import type { Context, Tx } from '../context.ts';
import { deny, denyIf } from '../denials.ts';
import { partyLog } from '../events.ts';
import { mayLead } from '../membership/rules.ts';
import { enterParty, enterPartyOf, type LockedParty, lockActiveParty } from '../membership/state.ts';
import type {
  PartyLootAssignInput,
  PartyLootClaimInput,
  PartyLootRollInput,
  PartyLootSettingsSetInput,
} from '../schema.generated.ts';
import { lootItems, parties } from '../tables/index.ts';
import { numberFrom } from '../texts.ts';
import { addDrop, dropFrom } from './drop.ts';
import { castVote, castVoteLast, dropOfReport, type ItemState, itemState } from './queries.ts';
import { type LootReport, reportFrom } from './report.ts';
import {
  isLastToVote,
  type LootSettings,
  masterLooter,
  mayAssign,
  mayClaim,
  mayRoll,
  rollTime,
} from './rules.ts';
import { settleRolls } from './settle.ts';

/** What is left out stays. Returns the party's id. */
export const setLootSettings = (context: Context, input: PartyLootSettingsSetInput): Promise<string> =>
  context.command('partyLootSettingsSet', input, async (tx) => {
    const party = await enterParty(tx, input.partyId, context.viewer.playerId);
    denyIf(mayLead(party, context.viewer.playerId));
    const settings: LootSettings = {
      lootMode: input.mode ?? party.lootMode,
      lootThreshold: input.threshold ?? party.lootThreshold,
      masterLooterId: looterFrom(input.masterLooterId, party),
      rollSeconds: numberFrom(input.rollSeconds ?? party.rollSeconds, rollTime, ['rollSeconds']),
    };
    await tx.db.update(parties).set(settings).where(eq(parties.id, party.id));
    const data = { partyId: party.id, ...settings };
    tx.emit({ type: 'party:loot-settings-set', subject: partyLog(party.id), data });
    return party.id;
  });

function looterFrom(input: string | null | undefined, party: LockedParty): string | null {
  if (input === undefined) return party.masterLooterId;
  if (input === null) return null;
  const id = idOf(input);
  if (id === null || !party.memberIds.includes(id)) deny('NOT_A_MEMBER', ['masterLooterId']);
  return id;
}

/** Returns the item's id, here and below. */
export const rollForLoot = (context: Context, input: PartyLootRollInput): Promise<string> =>
  context.command('partyLootRoll', input, async (tx) => {
    const { playerId } = context.viewer;
    const { item } = await enterItem(tx, input.itemId, playerId);
    denyIf(mayRoll(item, playerId, input.vote, tx.now));
    tellOf(tx, 'party:loot-roll-cast', item, playerId);
    const vote = { itemId: item.id, playerId, vote: input.vote };
    // Until it is the last, nothing else of the party needs a look.
    if (isLastToVote(item, playerId)) await Promise.all([castVote(tx, vote), settleRolls(tx, item.partyId)]);
    else castVoteLast(tx, vote);
    return item.id;
  });

export const claimLoot = (context: Context, input: PartyLootClaimInput): Promise<string> =>
  context.command('partyLootClaim', input, async (tx) => {
    const { playerId } = context.viewer;
    const { item } = await enterItem(tx, input.itemId, playerId);
    denyIf(mayClaim(item, playerId));
    await award(tx, 'party:loot-claimed', item, playerId);
    return item.id;
  });

export const assignLoot = (context: Context, input: PartyLootAssignInput): Promise<string> =>
  context.command('partyLootAssign', input, async (tx) => {
    const { item, party } = await enterItem(tx, input.itemId, context.viewer.playerId);
    const looterId = masterLooter(item, party);
    const playerId = idOf(input.playerId) ?? deny('NOT_A_MEMBER', ['playerId']);
    denyIf(mayAssign(item, party, looterId, context.viewer.playerId, playerId));
    await award(tx, 'party:loot-assigned', item, playerId);
    return item.id;
  });

/**
 * What a combat service tells, by the mutation or on the bus. Nobody of the party did it: its events have no actor.
 * Returns the drop's id, for the same report the same one.
 */
export const reportLoot = (
  service: Pick<Context, 'command' | 'newId'>,
  input: LootReport & { readonly idempotencyKey?: string | null },
): Promise<string> =>
  service.command('partyLootReport', input, async (tx) => {
    const report = reportFrom(input);
    const party = await lockActiveParty(tx, report.partyId);
    const known = await dropOfReport(tx, report);
    if (known !== undefined) return known;
    if (!party) deny('PARTY_NOT_FOUND');
    const dropped = dropFrom(report, party, service.newId, tx.now);
    await addDrop(tx, dropped);
    // PERSONAL waits for nobody.
    await settleRolls(tx, party.id);
    return dropped.drop.id;
  });

/** Locks an item's party. LOOT_NOT_FOUND to all who are not in it. */
async function enterItem(
  tx: Tx,
  itemId: string,
  viewerId: string,
): Promise<{ item: ItemState; party: LockedParty }> {
  const id = idOf(itemId) ?? deny('LOOT_NOT_FOUND');
  const find = () => itemState(tx, { id, viewerId });
  const { party, thing: item } = await enterPartyOf(tx, find, 'LOOT_NOT_FOUND');
  return { item, party };
}

async function award(
  tx: Tx,
  type: 'party:loot-claimed' | 'party:loot-assigned',
  item: ItemState,
  winnerId: string,
): Promise<void> {
  const status = 'AWARDED';
  await tx.db.update(lootItems).set({ status, winnerId, awardedAt: tx.now }).where(eq(lootItems.id, item.id));
  tellOf(tx, type, item, winnerId);
}

function tellOf(
  tx: Tx,
  type: 'party:loot-roll-cast' | 'party:loot-claimed' | 'party:loot-assigned',
  { id: itemId, dropId, partyId, itemKey }: ItemState,
  playerId: string,
): void {
  tx.emit({ type, subject: partyLog(partyId), data: { partyId, dropId, itemId, itemKey, playerId } });
}
