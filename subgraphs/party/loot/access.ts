import type { Context } from '../context.ts';
import type { LootSettingsRow } from '../rows.ts';
import { masterLooter } from './rules.ts';

/** Who assigns by these settings now, in a party that the viewer sees and that is active. */
export async function masterLooterOf(
  { loaders }: Context,
  settings: LootSettingsRow,
): Promise<string | null> {
  const party = await loaders.party.load(settings.partyId);
  if (!party || party.leaderId === null) return null;
  const members = await loaders.membersOf.load(settings.partyId);
  const memberIds = members.map(({ playerId }) => playerId);
  return masterLooter(settings, { leaderId: party.leaderId, memberIds });
}
