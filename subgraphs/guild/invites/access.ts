import type { Reads } from '@fellowship/postgres';
import type { Context } from '../context.ts';
import { membersByKeys } from '../membership/queries.ts';
import type { InvitePreviewRow, InviteRow, MemberRow } from '../rows.ts';
import { inviteByCode } from './queries.ts';
import { mayUse } from './rules.ts';

/** Who made an invite, if they are still a member: it carries their right. */
export async function creatorOf(
  reads: Reads,
  { guildId, creatorId }: Pick<InviteRow, 'guildId' | 'creatorId'>,
): Promise<MemberRow | null> {
  const keys = [{ guildId, playerId: creatorId }];
  const [creator] = await membersByKeys(reads, { viewerId: creatorId, communities: [], keys });
  return creator ?? null;
}

/** What a code leads to, for whoever has it; null for one that lets nobody in. */
export async function invitePreview(
  { reads, viewer, now }: Context,
  code: string,
): Promise<InvitePreviewRow | null> {
  const invite = await inviteByCode(reads, { code, viewerId: viewer.playerId, now });
  if (invite?.status !== 'OPEN') return null;
  return mayUse(invite.status, await creatorOf(reads, invite), invite.rank) === null ? invite : null;
}
