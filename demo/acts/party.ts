import { granted, type Player, type Stage } from '../stage.ts';

/** Five players form a party: one opens it, one is invited, three join. */
export async function party(stage: Stage, players: readonly Player[]): Promise<void> {
  const [ada, bea, ...others] = players;
  if (!ada || !bea) throw new Error('The party needs two players or more');
  stage.tell('Ada forms a party and watches it.');
  const created = granted(
    await ada.mutate('partyCreate', { joinPolicy: 'OPEN', role: 'TANK' }, 'party { id }'),
  );
  const partyId = created.party.id;
  const watch = await stage.watch(
    ada,
    `subscription ($partyId: ID!) { partyActivity(partyId: $partyId) {
      __typename actor { id } ... on PartyLeaderChanged { leader { id } }
    } }`,
    { partyId },
  );

  stage.tell('Bea, who listens to her inbox, is invited and accepts.');
  const inbox = await stage.watch(bea, 'subscription { partyInbox { __typename actor { id } } }');
  const { invite } = granted(await ada.mutate('partyInvite', { partyId, playerId: bea.id }, 'invite { id }'));
  await inbox.saw('PartyInviteSent');
  granted(await bea.mutate('partyInviteAccept', { inviteId: invite.id, role: 'HEALER' }, 'party { id }'));

  stage.tell('Cyd, Dan and Eve join: the party is full.');
  for (const player of others)
    granted(await player.mutate('partyJoin', { partyId, role: 'DPS' }, 'party { id }'));
  await watch.saw('PartyMemberJoined');

  stage.tell('Ada hands the lead to Bea.');
  granted(await ada.mutate('partyLeaderTransfer', { partyId, playerId: bea.id }, 'party { id }'));
  await watch.saw('PartyLeaderChanged');
  await Promise.all([watch.close(), inbox.close()]);
}
