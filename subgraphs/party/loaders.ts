import { many, one } from '@fellowship/graphql';
import type { Viewer } from '@fellowship/identity';
import type { Reads } from '@fellowship/postgres';
import DataLoader from 'dataloader';
import { invitesById, pendingOfParties } from './invites/queries.ts';
import { membersOfParties, partiesOfPlayers, visibleParties } from './membership/queries.ts';
import type { InviteRow, MemberRow, PartyRow } from './rows.ts';

/** One statement a kind, whatever the number of things; made anew for every request. */
export function createLoaders(reads: Reads, { playerId: viewerId }: Viewer, now: Date) {
  const party = new DataLoader<string, PartyRow | null>(async (ids) =>
    one(ids, await visibleParties(reads, { ids, viewerId, now }), (row) => row.id),
  );
  return {
    /** A party the viewer may see. */
    party,
    /** A player's party, if the viewer may see it there. */
    partyOf: new DataLoader<string, PartyRow | null>(async (playerIds) => {
      const rows = await partiesOfPlayers(reads, { playerIds, viewerId });
      for (const row of rows) party.prime(row.id, row);
      return one(playerIds, rows, (row) => row.playerId);
    }),
    /** A party's members, longest-standing first. */
    membersOf: new DataLoader<string, MemberRow[]>(async (partyIds) =>
      many(partyIds, await membersOfParties(reads, partyIds), (row) => row.partyId),
    ),
    /** A party's pending invitations, newest first. */
    invitesOf: new DataLoader<string, InviteRow[]>(async (partyIds) =>
      many(partyIds, await pendingOfParties(reads, { partyIds, now }), (row) => row.partyId),
    ),
    /** An invitation, whoever asks. */
    invite: new DataLoader<string, InviteRow | null>(async (ids) =>
      one(ids, await invitesById(reads, { ids, now }), (row) => row.id),
    ),
  };
}

export type Loaders = ReturnType<typeof createLoaders>;
