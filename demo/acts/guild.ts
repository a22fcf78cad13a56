import { DEMO_COMMUNITY_ID } from '@fellowship/identity';
import { granted, type Player, type Stage } from '../stage.ts';

/** Ada founds a guild, Bea comes by a code and is promoted. */
export async function guild(stage: Stage, [ada, bea]: readonly Player[]): Promise<void> {
  if (!ada || !bea) throw new Error('The guild needs two players');
  const name = `Dawn ${Date.now().toString(36)}`;
  stage.tell(`Ada founds the guild "${name}" and watches it.`);
  const founded = granted(
    await ada.mutate('guildCreate', { communityId: DEMO_COMMUNITY_ID, name }, 'guild { id }'),
  );
  const guildId = founded.guild.id;
  const watch = await stage.watch(
    ada,
    `subscription ($guildId: ID!) { guildActivity(guildId: $guildId) {
      __typename actor { id }
      ... on GuildMemberJoined { player { id } rankName } ... on GuildMemberPromoted { player { id } rankName }
    } }`,
    { guildId },
  );

  stage.tell('She makes an invite code, and Bea comes in with it.');
  const { invite } = granted(
    await ada.mutate('guildInviteCreate', { guildId, maxUses: 1 }, 'invite { code }'),
  );
  granted(await bea.mutate('guildInviteAccept', { code: invite.code }, 'guild { id }'));
  await watch.saw('GuildMemberJoined');

  stage.tell('Bea is promoted.');
  granted(await ada.mutate('guildMemberPromote', { guildId, playerId: bea.id }, 'member { rank { name } }'));
  await watch.saw('GuildMemberPromoted');
}
