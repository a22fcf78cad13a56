import type { Listening } from '@fellowship/client';
import { DEMO_COMMUNITY_ID } from '@fellowship/identity';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Player } from '../kit/client.ts';
import { openStack, type TestStack, topologies } from '../kit/stack.ts';

const ACTIVITY = `subscription ($id: ID!, $after: String) { guildActivity(guildId: $id, after: $after) {
  __typename cursor actor { id } guild { name }
  ... on GuildMemberKicked { player { id } } ... on GuildMemberLeft { player { id } }
  ... on GuildMemberBanned { player { id } } } }`;
const MESSAGES = `subscription ($id: ID!, $channel: GuildChannel!, $after: String) {
  guildMessages(guildId: $id, channel: $channel, after: $after) {
    __typename cursor ... on GuildMessagePosted { message { body author { id } } } } }`;

/** What came to one subscriber: a short word for each event, and the code that ended it. */
type Outcome = readonly string[];

/** Different players on one feed, through the public API: everything they select is the same for all of them. */
describe.each(topologies)('players of one guild share, %s', (topology) => {
  let graph: TestStack;
  let leader: Player;
  let guildId: string;
  let ranks: ReadonlyMap<string, string>;
  let founded = 0;

  beforeAll(async () => {
    graph = await openStack(topology);
    leader = await graph.player('Ada');
  });
  afterAll(() => graph?.stop());

  const ok = async (player: Player, name: string, input: object, payload: string) => {
    const answer = await player.mutate(name, input, payload);
    expect(answer.errors).toEqual([]);
    return answer;
  };

  /** A guild with these members beside its leader. */
  async function found(...names: string[]): Promise<Player[]> {
    const input = { communityId: DEMO_COMMUNITY_ID, name: `Dawn ${++founded}` };
    const { guild } = await ok(leader, 'guildCreate', input, 'guild { id ranks { id kind } }');
    guildId = guild.id;
    ranks = new Map(guild.ranks.map((rank: { kind: string; id: string }) => [rank.kind, rank.id]));
    const { invite } = await ok(leader, 'guildInviteCreate', { guildId }, 'invite { code }');
    const members = await Promise.all(names.map((name) => graph.player(name)));
    for (const each of members) await ok(each, 'guildInviteAccept', { code: invite.code }, 'guild { id }');
    return members;
  }

  const say = (body: string, channel = 'GUILD') =>
    ok(leader, 'guildMessagePost', { guildId, channel, body }, 'message { id }');
  const update = () => ok(leader, 'guildUpdate', { guildId, description: 'x' }, 'guild { id }');
  const kick = ({ id }: Player) => ok(leader, 'guildMemberKick', { guildId, playerId: id }, 'guild { id }');

  /** All of them listening to the same: each has had something, and so has joined the others. */
  async function listenAll(players: readonly Player[], query: string, channel?: string) {
    const about = channel ? `guild:${guildId}:${channel.toLowerCase()}` : `guild:${guildId}`;
    const after = await graph.cursor('guild', about);
    const listening = await Promise.all(
      players.map((each) => each.subscribe(query, { id: guildId, channel, after })),
    );
    const first = Promise.all(listening.map((each) => each.next()));
    // The second comes to who caught up alone with the first from the feed.
    for (const body of ['first', 'second']) await (channel ? say(body, channel) : update());
    await first;
    for (const each of listening) await each.next();
    return listening;
  }

  /** Reads until it ends or the last word is there. */
  async function outcomeOf(listening: Listening, last: string): Promise<Outcome> {
    const words: string[] = [];
    while (words.at(-1) !== last) {
      const { data, errors } = await listening.next();
      const event = data && Object.values(data)[0];
      words.push(event?.message?.body ?? event?.__typename ?? errors?.[0]?.extensions?.['code']);
      if (errors) break;
    }
    await listening.close();
    return words;
  }

  test.each([
    ['a follower', 1],
    ['the leader of the feed', 0],
  ])('%s is kicked: hears so, then ACCESS_LOST, while the others hear all', async (_, nth) => {
    const members = await found('Bea', 'Cid', 'Dan', 'Eve');
    const listening = await listenAll(members, ACTIVITY);
    await kick(members[nth] as Player);
    await update();
    await ok(
      leader,
      'guildMemberBan',
      { guildId, playerId: (await graph.player('Zoe')).id },
      'ban { player { id } }',
    );
    const outcomes = await Promise.all(listening.map((each) => outcomeOf(each, 'GuildMemberBanned')));
    for (const [each, outcome] of outcomes.entries()) {
      expect(outcome).toEqual(
        each === nth
          ? ['GuildMemberKicked', 'ACCESS_LOST']
          : ['GuildMemberKicked', 'GuildUpdated', 'GuildMemberBanned'],
      );
    }
  });

  test('who leaves and who is banned hear so last; who was never in it hears nothing', async () => {
    const members = await found('Bea', 'Cid', 'Dan', 'Eve');
    const [bea, cid] = members as [Player, Player];
    const listening = await listenAll(members, ACTIVITY);
    const zoe = await (await graph.player('Zoe')).subscribe(ACTIVITY, { id: guildId, after: null });
    expect(await outcomeOf(zoe, 'none')).toEqual(['NOT_FOUND']);
    await ok(bea, 'guildLeave', { guildId }, 'guild { id }');
    await ok(leader, 'guildMemberBan', { guildId, playerId: cid.id }, 'ban { player { id } }');
    await update();
    const [left, banned, ...rest] = await Promise.all(
      listening.map((each) => outcomeOf(each, 'GuildUpdated')),
    );
    expect(left).toEqual(['GuildMemberLeft', 'ACCESS_LOST']);
    expect(banned).toEqual(['GuildMemberLeft', 'GuildMemberBanned', 'ACCESS_LOST']);
    for (const outcome of rest)
      expect(outcome).toEqual(['GuildMemberLeft', 'GuildMemberBanned', 'GuildUpdated']);
  });

  test.each([
    ['a follower', 1],
    ['the leader of the feed', 0],
  ])('%s loses the channel by another log, and hears nothing that came later', async (_, nth) => {
    const members = await found('Bea', 'Cid', 'Dan', 'Eve');
    const listening = await listenAll(members, MESSAGES, 'GUILD');
    await kick(members[nth] as Player);
    for (const body of ['one', 'two', 'end']) await say(body);
    const outcomes = await Promise.all(listening.map((each) => outcomeOf(each, 'end')));
    for (const [each, outcome] of outcomes.entries()) {
      expect(outcome).toEqual(each === nth ? ['ACCESS_LOST'] : ['one', 'two', 'end']);
    }
  });

  test('an officer who is one no more loses the officers’ channel', async () => {
    const members = await found('Bea', 'Cid', 'Dan');
    for (const { id } of members) {
      const input = { guildId, playerId: id, rankId: ranks.get('OFFICER') };
      await ok(leader, 'guildMemberRankSet', input, 'member { player { id } }');
    }
    const listening = await listenAll(members, MESSAGES, 'OFFICER');
    const demoted = { guildId, playerId: members[0]?.id, rankId: ranks.get('MEMBER') };
    await ok(leader, 'guildMemberRankSet', demoted, 'member { player { id } }');
    for (const body of ['one', 'end']) await say(body, 'OFFICER');
    const outcomes = await Promise.all(listening.map((each) => outcomeOf(each, 'end')));
    expect(outcomes).toEqual([['ACCESS_LOST'], ['one', 'end'], ['one', 'end']]);
  });

  test('the others go on when the one whose subscription it is unsubscribes', async () => {
    const members = await found('Bea', 'Cid', 'Dan');
    const [first, ...others] = await listenAll(members, MESSAGES, 'GUILD');
    const leaving = first?.close();
    for (const body of ['one', 'two', 'end']) await say(body);
    await leaving;
    const outcomes = await Promise.all(others.map((each) => outcomeOf(each, 'end')));
    expect(outcomes).toEqual([
      ['one', 'two', 'end'],
      ['one', 'two', 'end'],
    ]);
  });

  test('who joins while being kicked is refused, or hears of it and no more', async () => {
    const names = Array.from({ length: 12 }, (_, nth) => `Joiner ${nth}`);
    const [witness, ...members] = await found('Bea', ...names);
    const [witnessed] = await listenAll([witness as Player], ACTIVITY);
    const racing = members.map(async (each, nth) => {
      const kicked = nth % 2 === 0 ? kick(each) : undefined;
      const listening = await each.subscribe(ACTIVITY, { id: guildId, after: null });
      await (kicked ?? kick(each));
      return { id: each.id, outcome: readToEnd(listening) };
    });
    for (const { outcome, id } of await Promise.all(racing)) {
      const { kicks, code } = await outcome;
      if (code === 'ACCESS_LOST') expect(kicks.at(-1)).toBe(id);
      else expect({ kicks, code }).toEqual({ kicks: [], code: 'NOT_FOUND' });
    }
    const heard = [];
    for (const _ of members) heard.push((await witnessed?.next())?.data?.['guildActivity'].player.id);
    expect(new Set(heard)).toEqual(new Set(members.map(({ id }) => id)));
    await witnessed?.close();
  });
});

/** Whose kicks were heard, and what ended it. */
async function readToEnd(listening: Listening): Promise<{ kicks: string[]; code: unknown }> {
  const kicks: string[] = [];
  for (;;) {
    const { data, errors } = await listening.next();
    if (!errors) kicks.push(data?.['guildActivity'].player.id);
    else {
      await listening.close();
      return { kicks, code: errors[0]?.extensions?.['code'] };
    }
  }
}
