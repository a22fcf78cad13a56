import { describe, expect, test } from 'vitest';
import { mayBan } from '../bans/rules.ts';
import { mayKick, mayNote } from '../membership/rules.ts';
import type { GuildErrorCode, GuildPermission, GuildRankKind } from '../schema.generated.ts';
import { mayCreateRank, mayDeleteRank, mayUpdateRank, mostOwnRanks } from './own-rules.ts';
import { permissionsOf, systemRanks } from './permissions.ts';
import { changeRank, type MemberState, type RankState } from './rules.ts';

const own = (level: number, ...permissions: GuildPermission[]): RankState => {
  return {
    id: `own ${level}`,
    name: `Own ${level}`,
    level,
    kind: null,
    permissions: ['READ', ...permissions],
  };
};
const system: RankState[] = systemRanks.map(({ kind, level, name }) => {
  return { id: kind, kind, level, name, permissions: permissionsOf(kind) };
});
/** The system's ranks, and between each two one of the guild's own: a marshal, a treasurer, a herald, a servant. */
const ranks: readonly RankState[] = [
  ...system,
  own(4.5, 'KICK', 'PROMOTE', 'MANAGE_RANKS', 'OFFICER_CHAT', 'MEMBERS_READ', 'PAGE_READ', 'CHAT'),
  own(3.5, 'MANAGE_BANK', 'KICK', 'OFFICER_CHAT'),
  own(2.5, 'INVITE', 'PROMOTE'),
  own(1.5),
].toSorted((a, b) => b.level - a.level);

const someone = (rank: RankState): MemberState => ({ playerId: 'someone', rank });
const has = (rank: RankState, permission: GuildPermission) => rank.permissions.includes(permission);
const holdsAll = (rank: RankState, permissions: readonly GuildPermission[]) =>
  permissions.every((permission) => has(rank, permission));
const pairs = ranks.flatMap((actor) =>
  ranks.map((target) => [actor.name, target.name, actor, target] as const),
);

/** The product's sentences once more, in another shape than the rules'. */
function acts(actor: RankState, target: RankState, permission: GuildPermission): GuildErrorCode | null {
  if (!has(actor, permission)) return 'MISSING_PERMISSION';
  return actor.level > target.level ? null : 'MEMBER_NOT_BELOW_YOU';
}
function grants(actor: RankState, rank: RankState): GuildErrorCode | null {
  if (rank.kind === 'LEADER') return 'LEADERSHIP_IS_TRANSFERRED';
  if (actor.level <= rank.level) return 'RANK_NOT_BELOW_YOU';
  return rank.kind === 'RECRUIT' || holdsAll(actor, rank.permissions) ? null : 'PERMISSION_NOT_HELD';
}

describe('every rank against every rank', () => {
  test.each(pairs)('%s acts on %s', (_actor, _target, actor, target) => {
    expect(mayKick(someone(actor), someone(target))).toBe(acts(actor, target, 'KICK'));
    expect(mayBan(someone(actor), someone(target), false)).toBe(acts(actor, target, 'KICK'));
    expect(mayBan(someone(actor), someone(target), true)).toBe(
      acts(actor, target, 'KICK') ?? 'ALREADY_BANNED',
    );
    expect(mayNote(someone(actor), someone(target))).toBe(acts(actor, target, 'OFFICER_CHAT'));
  });

  test.each(pairs)('%s gives %s each rank', (_actor, _target, actor, target) => {
    for (const rank of ranks) {
      const change = changeRank(someone(actor), someone(target), ranks, { id: rank.id });
      const code = acts(actor, target, 'PROMOTE') ?? grants(actor, rank);
      expect(change.kind === 'DENIED' ? change.code : null).toBe(code);
      if (code !== null) continue;
      const kind =
        rank.level === target.level ? 'UNCHANGED' : rank.level > target.level ? 'PROMOTED' : 'DEMOTED';
      expect(change.kind).toBe(kind);
    }
  });

  test.each(pairs)('%s renames %s', (_actor, _target, actor, rank) => {
    const code = mayUpdateRank(someone(actor), rank, ranks, { ...rank, name: 'Another' });
    expect(code).toBe(
      !has(actor, 'MANAGE_RANKS')
        ? 'MISSING_PERMISSION'
        : rank.kind === 'LEADER'
          ? 'LEADER_RANK_FIXED'
          : actor.level > rank.level
            ? null
            : 'RANK_NOT_BELOW_YOU',
    );
  });

  test.each(pairs)('%s gives and takes each permission of %s', (_actor, _target, actor, rank) => {
    if (!has(actor, 'MANAGE_RANKS') || actor.level <= rank.level) return;
    for (const permission of permissionsOf('LEADER')) {
      const permissions = has(rank, permission)
        ? rank.permissions.filter((other) => other !== permission)
        : [...rank.permissions, permission];
      const code = mayUpdateRank(someone(actor), rank, ranks, { ...rank, permissions });
      expect(code).toBe(has(actor, permission) ? null : 'PERMISSION_NOT_HELD');
    }
  });

  test.each(pairs)('%s deletes %s, for each destination', (_actor, _target, actor, rank) => {
    for (const destination of ranks) {
      const expected = !has(actor, 'MANAGE_RANKS')
        ? 'MISSING_PERMISSION'
        : rank.kind !== null
          ? 'SYSTEM_RANK'
          : actor.level <= rank.level
            ? 'RANK_NOT_BELOW_YOU'
            : destination.id === rank.id
              ? 'DESTINATION_IS_DELETED'
              : grants(actor, destination);
      expect(mayDeleteRank(someone(actor), rank, destination)).toBe(expected);
    }
  });

  test.each(ranks.map((rank) => [rank.name, rank] as const))('%s makes ranks', (_name, actor) => {
    for (const level of [1.2, 2.2, 3.2, 4.2, 4.5, 4.7]) {
      for (const permission of permissionsOf('LEADER')) {
        const draft = { name: 'New', level, permissions: ['READ', permission] as const };
        const expected = !has(actor, 'MANAGE_RANKS')
          ? 'MISSING_PERMISSION'
          : actor.level <= level
            ? 'RANK_NOT_BELOW_YOU'
            : !has(actor, permission)
              ? 'PERMISSION_NOT_HELD'
              : level === 4.5
                ? 'RANK_LEVEL_TAKEN'
                : null;
        expect(mayCreateRank(someone(actor), ranks, draft)).toBe(expected);
      }
    }
  });

  test('who is not a member acts on nobody and changes nothing', () => {
    for (const rank of ranks) {
      expect(mayKick(null, someone(rank))).toBe('MISSING_PERMISSION');
      expect(mayBan(null, someone(rank), false)).toBe('MISSING_PERMISSION');
      expect(mayNote(null, someone(rank))).toBe('MISSING_PERMISSION');
      expect(mayCreateRank(null, ranks, rank)).toBe('MISSING_PERMISSION');
      expect(mayUpdateRank(null, rank, ranks, rank)).toBe('MISSING_PERMISSION');
      expect(mayDeleteRank(null, rank, rank)).toBe('MISSING_PERMISSION');
    }
  });
});

describe('a guild’s own ranks', () => {
  const leader = someone(system[0] as RankState);
  const find = (kind: GuildRankKind) => ranks.find((rank) => rank.kind === kind) ?? null;

  test('a system rank keeps its level, an own one moves below whoever moves it', () => {
    const officer = find('OFFICER') as RankState;
    expect(mayUpdateRank(leader, officer, ranks, { ...officer, level: 4.2 })).toBe('SYSTEM_RANK');
    const servant = own(1.5);
    expect(mayUpdateRank(leader, servant, ranks, { ...servant, level: 1.7 })).toBeNull();
    expect(mayUpdateRank(leader, servant, ranks, { ...servant, level: 5 })).toBe('RANK_NOT_BELOW_YOU');
    expect(mayUpdateRank(leader, servant, ranks, { ...servant, level: 2 })).toBe('RANK_LEVEL_TAKEN');
    const marshal = someone(ranks.find(({ level }) => level === 4.5) as RankState);
    expect(mayUpdateRank(marshal, servant, ranks, { ...servant, level: 4.6 })).toBe('RANK_NOT_BELOW_YOU');
  });

  test('no two have a name, whatever its case', () => {
    const draft = { name: 'OFFICER', level: 4.1, permissions: [] };
    expect(mayCreateRank(leader, ranks, draft)).toBe('RANK_NAME_TAKEN');
    const servant = own(1.5);
    expect(mayUpdateRank(leader, servant, ranks, { ...servant, name: 'recruit' })).toBe('RANK_NAME_TAKEN');
    expect(mayUpdateRank(leader, servant, ranks, { ...servant, name: 'OWN 1.5' })).toBeNull();
  });

  test('are twenty at most', () => {
    const many = Array.from({ length: mostOwnRanks }, (_, index) => own(2 + (index + 1) / 100));
    const draft = { name: 'One more', level: 4.1, permissions: [] };
    expect(mayCreateRank(leader, [...system, ...many], draft)).toBe('TOO_MANY_RANKS');
    expect(mayCreateRank(leader, [...system, ...many.slice(1)], draft)).toBeNull();
  });

  test('that are not there can’t be changed', () => {
    expect(mayUpdateRank(leader, null, ranks, own(1.5))).toBe('RANK_NOT_FOUND');
    expect(mayDeleteRank(leader, null, own(1.5))).toBe('RANK_NOT_FOUND');
    expect(mayDeleteRank(leader, own(1.5), null)).toBe('RANK_NOT_FOUND');
  });
});
