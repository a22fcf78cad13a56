import { describe, expect, test } from 'vitest';
import type { GuildPermission, GuildRankKind } from '../schema.generated.ts';
import { permissionsOf, systemRanks } from './permissions.ts';
import { changeRank, lacks, type MemberState, mayActOn, mayGrant, type RankState } from './rules.ts';

const ranks: RankState[] = systemRanks.map(({ kind, level, name }) => {
  return { id: kind, kind, level, name, permissions: permissionsOf(kind) };
});
const kinds = systemRanks.map(({ kind }) => kind);

const rankOf = (kind: GuildRankKind): RankState => {
  const rank = ranks.find(({ id }) => id === kind);
  if (!rank) throw new Error(kind);
  return rank;
};
const member = (rank: RankState, playerId = 'someone'): MemberState => ({ playerId, rank });
const a = (kind: GuildRankKind) => member(rankOf(kind));

/** The same rank with more permissions than the product gives it. */
const mighty = (kind: GuildRankKind, ...more: GuildPermission[]) => {
  const rank = rankOf(kind);
  return member({ ...rank, permissions: [...rank.permissions, ...more] });
};

/** Every pair of ranks. */
const pairs = kinds.flatMap((actor) => kinds.map((target) => [actor, target] as const));

describe('acting on members', () => {
  // Rows act on columns: LEADER, OFFICER, VETERAN, MEMBER, RECRUIT, and who is not a member.
  const kick: Readonly<Record<GuildRankKind, string>> = {
    LEADER: 'same yes yes yes yes none',
    OFFICER: 'same same yes yes yes none',
    VETERAN: 'lacks lacks lacks lacks lacks lacks',
    MEMBER: 'lacks lacks lacks lacks lacks lacks',
    RECRUIT: 'lacks lacks lacks lacks lacks lacks',
  };
  const code = {
    yes: null,
    same: 'MEMBER_NOT_BELOW_YOU',
    none: 'NOT_A_MEMBER',
    lacks: 'MISSING_PERMISSION',
  } as const;

  test.each(kinds)('%s kicks whom the product says', (actor) => {
    const targets = [...kinds.map(a), null];
    const expected = kick[actor].split(' ').map((word) => code[word as keyof typeof code]);
    expect(targets.map((target) => mayActOn(a(actor), target, 'KICK'))).toEqual(expected);
  });

  test('who is not a member acts on nobody', () => {
    for (const target of [...kinds.map(a), null]) {
      expect(mayActOn(null, target, 'KICK')).toBe('MISSING_PERMISSION');
    }
  });

  test.each(pairs)('%s with any permission acts on %s only from above', (actor, target) => {
    for (const permission of permissionsOf('LEADER')) {
      const above = rankOf(actor).level > rankOf(target).level;
      expect(mayActOn(mighty(actor, permission), a(target), permission)).toBe(
        above ? null : 'MEMBER_NOT_BELOW_YOU',
      );
    }
  });

  test('a rank between two others counts as between them', () => {
    const between = member({ ...rankOf('OFFICER'), id: 'own', kind: null, level: 3.5 });
    expect(mayActOn(between, a('VETERAN'), 'KICK')).toBeNull();
    expect(mayActOn(between, between, 'KICK')).toBe('MEMBER_NOT_BELOW_YOU');
    expect(mayActOn(between, a('OFFICER'), 'KICK')).toBe('MEMBER_NOT_BELOW_YOU');
    expect(mayActOn(a('OFFICER'), between, 'KICK')).toBeNull();
  });

  test('nobody lacks what their rank has, and everybody else lacks it', () => {
    for (const kind of kinds) {
      for (const permission of permissionsOf('LEADER')) {
        const has = permissionsOf(kind).includes(permission);
        expect(lacks(a(kind), permission)).toBe(has ? null : 'MISSING_PERMISSION');
      }
    }
    expect(lacks(null, 'READ')).toBe('MISSING_PERMISSION');
  });
});

describe('granting ranks', () => {
  test.each(pairs)('%s grants %s only from above, and LEADER never', (actor, rank) => {
    const above = rankOf(actor).level > rankOf(rank).level;
    const expected = rank === 'LEADER' ? 'LEADERSHIP_IS_TRANSFERRED' : above ? null : 'RANK_NOT_BELOW_YOU';
    expect(mayGrant(a(actor), rankOf(rank))).toBe(expected);
  });

  test('a lower rank that may do more is not theirs to give', () => {
    const treasurer: RankState = { ...rankOf('MEMBER'), id: 'own', kind: null, permissions: ['MANAGE_BANK'] };
    expect(mayGrant(a('OFFICER'), treasurer)).toBe('PERMISSION_NOT_HELD');
    expect(mayGrant(mighty('OFFICER', 'MANAGE_BANK'), treasurer)).toBeNull();
    expect(mayGrant(a('LEADER'), treasurer)).toBeNull();
    expect(mayGrant(member(treasurer), rankOf('RECRUIT'))).toBeNull();
  });
});

describe('promotion, demotion and setting a rank', () => {
  const refused = (actor: MemberState | null, target: MemberState | null, rank: GuildRankKind) => {
    const change = changeRank(actor, target, ranks, { id: rank });
    return change.kind === 'DENIED' ? change.code : null;
  };

  test.each(pairs)('%s sets the rank of %s, to each rank', (actor, target) => {
    for (const rank of kinds) {
      const leads = actor === 'LEADER';
      const expected = !leads
        ? 'MISSING_PERMISSION'
        : target === 'LEADER'
          ? 'MEMBER_NOT_BELOW_YOU'
          : rank === 'LEADER'
            ? 'LEADERSHIP_IS_TRANSFERRED'
            : null;
      expect(refused(a(actor), a(target), rank)).toBe(expected);
    }
  });

  test.each(pairs)(
    '%s who may promote sets the rank of %s, to each rank below their own',
    (actor, target) => {
      for (const rank of kinds) {
        const { level } = rankOf(actor);
        const expected =
          rankOf(target).level >= level
            ? 'MEMBER_NOT_BELOW_YOU'
            : rank === 'LEADER'
              ? 'LEADERSHIP_IS_TRANSFERRED'
              : rankOf(rank).level >= level
                ? 'RANK_NOT_BELOW_YOU'
                : null;
        expect(refused(mighty(actor, 'PROMOTE'), a(target), rank)).toBe(expected);
      }
    },
  );

  test('who is not a member has no rank to set, and a rank of nowhere can’t be set', () => {
    expect(refused(a('LEADER'), null, 'MEMBER')).toBe('NOT_A_MEMBER');
    expect(refused(null, a('RECRUIT'), 'MEMBER')).toBe('MISSING_PERMISSION');
    for (const id of ['elsewhere', null]) {
      expect(changeRank(a('LEADER'), a('RECRUIT'), ranks, { id })).toEqual({
        kind: 'DENIED',
        code: 'RANK_NOT_FOUND',
      });
    }
  });

  test('it is a promotion upwards, a demotion downwards, and nothing where it stays', () => {
    const change = (from: GuildRankKind, to: GuildRankKind) =>
      changeRank(a('LEADER'), a(from), ranks, { id: to });
    expect(change('RECRUIT', 'OFFICER')).toEqual({ kind: 'PROMOTED', rank: rankOf('OFFICER') });
    expect(change('OFFICER', 'MEMBER')).toEqual({ kind: 'DEMOTED', rank: rankOf('MEMBER') });
    expect(change('MEMBER', 'MEMBER')).toEqual({ kind: 'UNCHANGED' });
  });

  test('step by step, through the guild’s own ranks too, whatever their order', () => {
    const own: RankState = { ...rankOf('MEMBER'), id: 'own', kind: null, level: 2.5 };
    const shuffled = [own, ...ranks.toReversed()];
    const step = (from: RankState, choice: 'NEXT_HIGHER' | 'NEXT_LOWER') => {
      const change = changeRank(a('LEADER'), member(from), shuffled, choice);
      return 'rank' in change ? change.rank.id : change.kind === 'DENIED' ? change.code : change.kind;
    };
    expect(step(rankOf('RECRUIT'), 'NEXT_HIGHER')).toBe('MEMBER');
    expect(step(rankOf('MEMBER'), 'NEXT_HIGHER')).toBe('own');
    expect(step(own, 'NEXT_HIGHER')).toBe('VETERAN');
    expect(step(rankOf('OFFICER'), 'NEXT_HIGHER')).toBe('LEADERSHIP_IS_TRANSFERRED');
    expect(step(rankOf('VETERAN'), 'NEXT_LOWER')).toBe('own');
    expect(step(rankOf('RECRUIT'), 'NEXT_LOWER')).toBe('LOWEST_RANK');
  });

  test('an officer who may promote does not make officers', () => {
    const officer = mighty('OFFICER', 'PROMOTE');
    expect(changeRank(officer, a('VETERAN'), ranks, 'NEXT_HIGHER')).toEqual({
      kind: 'DENIED',
      code: 'RANK_NOT_BELOW_YOU',
    });
    expect(changeRank(officer, a('MEMBER'), ranks, 'NEXT_HIGHER')).toEqual({
      kind: 'PROMOTED',
      rank: rankOf('VETERAN'),
    });
  });
});
