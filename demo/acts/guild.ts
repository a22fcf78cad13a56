import type { Data } from '@fellowship/client';
import { DEMO_COMMUNITY_ID } from '@fellowship/identity';
import { granted, type Player, refused, type Stage } from '../stage.ts';
import { guildWeek } from './guild-week.ts';

/** A guild's first week: Ada founds it, Bea comes by a code, Cyd applies, Dan is sent away; and it is all on record. */
export async function guild(stage: Stage, [ada, bea, cyd, dan]: readonly Player[]): Promise<void> {
  if (!ada || !bea || !cyd || !dan) throw new Error('The guild needs four players');
  const name = `Dawn ${Date.now().toString(36)}`;
  stage.tell(`Ada founds the guild "${name}", which looks for members, and watches it.`);
  const founded = granted(
    await ada.mutate(
      'guildCreate',
      { communityId: DEMO_COMMUNITY_ID, name, recruiting: true },
      'guild { id ranks { id kind } }',
    ),
  );
  const guildId: string = founded.guild.id;
  const watch = await stage.watch(
    ada,
    `subscription ($guildId: ID!) { guildActivity(guildId: $guildId) {
      __typename actor { id }
      ... on GuildMemberJoined { player { id } rankName } ... on GuildMemberPromoted { player { id } rankName }
      ... on GuildApplicationSubmitted { application { message } } ... on GuildRankCreated { rankName }
      ... on GuildPageUpdated { version } ... on GuildMemberBanned { player { id } }
    } }`,
    { guildId },
  );

  stage.tell('She makes an invite code, and Bea comes in with it.');
  const { invite } = granted(
    await ada.mutate('guildInviteCreate', { guildId, maxUses: 1 }, 'invite { code }'),
  );
  granted(await bea.mutate('guildInviteAccept', { code: invite.code }, 'guild { id }'));
  await watch.saw('GuildMemberJoined');

  stage.tell('Bea is made an officer.');
  const officer = founded.guild.ranks.find(({ kind }: Data) => kind === 'OFFICER').id;
  granted(
    await ada.mutate('guildMemberRankSet', { guildId, playerId: bea.id, rankId: officer }, 'member { note }'),
  );
  await watch.saw('GuildMemberPromoted');

  await applications(stage, { guildId, bea, cyd, dan });
  await watch.saw('GuildApplicationSubmitted');

  stage.tell('Ada makes a rank of the guild’s own between Veteran and Officer, and Cyd gets it.');
  const made = granted(
    await ada.mutate(
      'guildRankCreate',
      { guildId, name: 'Herald', level: 3.5, permissions: ['CHAT', 'INVITE', 'NEWS_CREATE'] },
      'rank { id }',
    ),
  );
  granted(
    await ada.mutate(
      'guildMemberRankSet',
      { guildId, playerId: cyd.id, rankId: made.rank.id },
      'member { rank { name } }',
    ),
  );
  const { post } = granted(
    await cyd.mutate(
      'guildPostPublish',
      { guildId, kind: 'NEWS', title: 'A herald speaks', body: '*Hear* ye' },
      'post { title html }',
    ),
  );
  console.log(`   Cyd publishes "${post.title}": ${post.html.trim()}`);

  await page(stage, { guildId, name, ada, bea });
  await banned(stage, { guildId, bea, dan });
  await guildWeek(stage, { guildId, ada, bea });
  await trail(stage, { guildId, ada, bea, cyd, dan });
}

interface Cast {
  readonly guildId: string;
  readonly ada: Player;
  readonly bea: Player;
  readonly cyd: Player;
  readonly dan: Player;
}

async function applications(stage: Stage, { guildId, bea, cyd, dan }: Omit<Cast, 'ada'>): Promise<void> {
  stage.tell('Cyd and Dan apply. Bea, an officer, lets Cyd in and sends Dan away; both hear of it.');
  const inboxes = [];
  for (const player of [cyd, dan]) {
    const inbox = await stage.watch(
      player,
      `subscription { guildInbox { __typename actor { id }
        ... on GuildApplicationApproved { application { status } }
        ... on GuildApplicationRejected { application { status reason } } } }`,
    );
    inboxes.push(inbox);
  }
  const apply = async (player: Player, message: string): Promise<string> =>
    granted(await player.mutate('guildApply', { guildId, message }, 'application { id }')).application.id;
  const [first, second] = [await apply(cyd, 'I can heal'), await apply(dan, 'gimme loot')];
  granted(await bea.mutate('guildApplicationApprove', { applicationId: first }, 'application { status }'));
  granted(
    await bea.mutate(
      'guildApplicationReject',
      { applicationId: second, reason: 'Not now' },
      'application { status }',
    ),
  );
  await inboxes[0]?.saw('GuildApplicationApproved');
  await inboxes[1]?.saw('GuildApplicationRejected');
}

async function page(
  stage: Stage,
  { guildId, name, ada, bea }: Pick<Cast, 'guildId' | 'ada' | 'bea'> & { name: string },
): Promise<void> {
  stage.tell('Ada and Bea edit the page at once: one edit counts, the other is told to look again.');
  const edit = (player: Player, body: string) =>
    player.mutate(
      'guildPageUpdate',
      { guildId, version: 0, headline: 'We rise', body, tags: ['Early Risers', 'PvE'] },
      'page { version html tags }',
    );
  const answers = await Promise.all([
    edit(ada, '# Dawn\n\nWe **rise** early. <script>alert(1)</script>'),
    edit(bea, '# Dawn\n\nWe sleep in.'),
  ]);
  const [counts, stale] = answers.toSorted((a, b) => a.errors.length - b.errors.length);
  console.log(`   The page: ${granted(counts).page.html.replaceAll('\n', ' ')}`);
  console.log(`   The other edit: ${refused(stale, 'STALE_VERSION')}.`);
  const { guilds } = await bea.run(
    `query ($name: String) { guilds(tag: "early risers", search: $name) { nodes { name page { headline tags } } } }`,
    { name },
  );
  if (guilds.nodes.length !== 1) throw new Error('The guild was not found by its tag');
  const [found] = guilds.nodes;
  console.log(`   Found by its tag: ${found.name}, "${found.page.headline}", ${found.page.tags.join(', ')}.`);
}

async function banned(stage: Stage, { guildId, bea, dan }: Omit<Cast, 'ada' | 'cyd'>): Promise<void> {
  stage.tell('Dan begs in every tongue, and Bea bans him: to him the guild is gone.');
  granted(
    await bea.mutate(
      'guildMemberBan',
      { guildId, playerId: dan.id, reason: 'Spam' },
      'ban { player { id } }',
    ),
  );
  const { guild } = await dan.run('query ($id: ID!) { guild(id: $id) { name } }', { id: guildId });
  if (guild !== null) throw new Error('Dan still sees the guild');
  const answer = await dan.mutate('guildApply', { guildId }, 'application { id }');
  console.log(`   Dan applies again: ${refused(answer, 'GUILD_NOT_FOUND')}.`);
}

async function trail(stage: Stage, { guildId, ...cast }: Cast): Promise<void> {
  stage.tell('The audit log, as its officers read it:');
  const { guild } = await cast.bea.run(
    `query ($id: ID!) { guild(id: $id) { auditLog(first: 50) { nodes {
      action actor { id } target { id } reason changes { field before after } } } } }`,
    { id: guildId },
  );
  const nameOf = (player: Data) => Object.values(cast).find(({ id }) => id === player?.id)?.name;
  for (const { action, actor, target, reason, changes } of guild.auditLog.nodes.toReversed()) {
    const what = changes
      .filter(({ field }: Data) => ['rank', 'name', 'headline', 'tags'].includes(field))
      .map(({ field, before, after }: Data) => `${field} ${before ?? 'none'} -> ${after ?? 'none'}`);
    const parts = [`${nameOf(actor)}: ${action}`, nameOf(target), reason && `"${reason}"`, ...what];
    console.log(`   ${parts.filter(Boolean).join(', ')}`);
  }
  const done = new Set(guild.auditLog.nodes.map(({ action }: Data) => action));
  for (const action of ['APPLICATION_APPROVED', 'MEMBER_PROMOTED', 'PAGE_UPDATED', 'MEMBER_BANNED']) {
    if (!done.has(action)) throw new Error(`${action} is not in the audit log`);
  }
}
