import type { Data } from '@fellowship/client';
import { granted, type Player, refused, type Stage } from '../stage.ts';

interface Cast {
  readonly guildId: string;
  /** Leads. */
  readonly ada: Player;
  /** An officer. */
  readonly bea: Player;
}

/** What a guild does together: a raid night, a bank, and what officers say among themselves. */
export async function guildWeek(stage: Stage, cast: Cast): Promise<void> {
  await raidNight(stage, cast);
  await bank(stage, cast);
  await officers(stage, cast);
}

async function raidNight(stage: Stage, { guildId, ada, bea }: Cast): Promise<void> {
  stage.tell('Bea plans a raid night every week at the same hour in Berlin; she comes, Ada may.');
  const startsAt = new Date(Date.now() + 24 * 60 * 60 * 1_000).toISOString();
  const plan = { guildId, title: 'Raid night', startsAt, durationMinutes: 180, timeZone: 'Europe/Berlin' };
  const { event } = granted(
    await bea.mutate('guildEventCreate', { ...plan, recurrence: 'FREQ=WEEKLY;COUNT=10' }, 'event { id }'),
  );
  const answer = (player: Player, attendance: string) =>
    player.mutate(
      'guildEventRespond',
      { eventId: event.id, startsAt, attendance },
      'occurrence { startsAt }',
    );
  granted(await answer(bea, 'GOING'));
  granted(await answer(ada, 'MAYBE'));
  const { guild } = await ada.run(
    'query ($id: ID!) { guild(id: $id) { events(first: 3) { nodes { startsAt goingCount maybeCount } } } }',
    { id: guildId },
  );
  for (const { startsAt, goingCount, maybeCount } of guild.events.nodes) {
    console.log(`   ${startsAt}: ${goingCount} going, ${maybeCount} maybe`);
  }
  const [first] = guild.events.nodes;
  if (first.goingCount !== 1 || first.maybeCount !== 1) throw new Error('The answers were not counted');
}

async function bank(stage: Stage, { guildId, ada, bea }: Cast): Promise<void> {
  stage.tell('Ada fills the bank and lets officers take 100 a day: Bea takes 80, and 30 more are too many.');
  const rankId = await officerRank(ada, guildId);
  granted(await ada.mutate('guildBankLimitSet', { guildId, rankId, currency: 100 }, 'rank { name }'));
  granted(
    await ada.mutate('guildBankDeposit', { guildId, currency: '9007199254740993' }, 'entry { number }'),
  );
  const take = (currency: number) =>
    bea.mutate('guildBankWithdraw', { guildId, currency }, 'entry { balance }');
  console.log(`   The bank holds ${granted(await take(80)).entry.balance} after the first.`);
  console.log(`   The second: ${refused(await take(30), 'DAILY_LIMIT_REACHED')}.`);
  const read = 'query ($id: ID!) { guild(id: $id) { bank { reconciliation { balanced entryCount } } } }';
  const { balanced, entryCount } = (await ada.run(read, { id: guildId })).guild.bank.reconciliation;
  if (!balanced) throw new Error('The bank does not hold what its ledger adds up to');
  console.log(`   The ledger's ${entryCount} entries add up to what the bank holds.`);
}

async function officers(stage: Stage, { guildId, ada, bea }: Cast): Promise<void> {
  stage.tell('The officers talk among themselves, until Bea is demoted: she hears no more of it.');
  const watch = await stage.watch(
    bea,
    `subscription ($guildId: ID!) { guildMessages(guildId: $guildId, channel: OFFICER) {
      __typename actor { id } ... on GuildMessagePosted { message { body } } } }`,
    { guildId },
  );
  const say = (body: string) =>
    ada.mutate('guildMessagePost', { guildId, channel: 'OFFICER', body }, 'message { id }');
  granted(await say('Somebody has been at the bank'));
  await watch.saw('GuildMessagePosted');
  const member = { guildId, playerId: bea.id };
  granted(await ada.mutate('guildMemberDemote', member, 'member { rank { name } }'));
  granted(await say('It was Bea'));
  const answer = await bea.mutate(
    'guildMessagePost',
    { guildId, channel: 'OFFICER', body: 'What was?' },
    'message { id }',
  );
  console.log(`   Bea asks what it is about: ${refused(answer, 'CHANNEL_CLOSED')}.`);
  const rankId = await officerRank(ada, guildId);
  granted(await ada.mutate('guildMemberRankSet', { ...member, rankId }, 'member { rank { name } }'));
}

async function officerRank(ada: Player, guildId: string): Promise<string> {
  const { guild } = await ada.run('query ($id: ID!) { guild(id: $id) { ranks { id kind } } }', {
    id: guildId,
  });
  return guild.ranks.find(({ kind }: Data) => kind === 'OFFICER').id;
}
