import { expect, test } from 'vitest';
import { permissionsOf, systemRanks } from '../ranks/permissions.ts';
import type { MemberState } from '../ranks/rules.ts';
import { mayDelete, maySpeak } from './rules.ts';

const members: MemberState[] = systemRanks.map(({ kind, level, name }) => {
  return { playerId: kind, rank: { id: kind, kind, level, name, permissions: permissionsOf(kind) } };
});
const said = { channel: 'GUILD' as const, deletedAt: null };

test('members have the guild’s channel, officers theirs too, and nobody else any', () => {
  const codes = (channel: 'GUILD' | 'OFFICER') => [...members, null].map((actor) => maySpeak(actor, channel));
  expect(codes('GUILD')).toEqual([null, null, null, null, null, 'CHANNEL_CLOSED']);
  expect(codes('OFFICER').map((code) => code ?? 'yes')).toEqual([
    'yes',
    'yes',
    ...Array(4).fill('CHANNEL_CLOSED'),
  ]);
});

test('everyone deletes their own; moderators those of who is below them or gone', () => {
  for (const actor of members) {
    for (const author of members) {
      const moderates = actor.rank.permissions.includes('MODERATE_CHAT');
      const expected =
        actor === author
          ? null
          : !moderates
            ? 'MISSING_PERMISSION'
            : author.rank.level < actor.rank.level
              ? null
              : 'MEMBER_NOT_BELOW_YOU';
      expect(mayDelete(actor, author, { ...said, authorId: author.playerId })).toBe(expected);
      const ofGone = mayDelete(actor, null, { ...said, authorId: 'gone' });
      expect(ofGone).toBe(moderates ? null : 'MISSING_PERMISSION');
    }
  }
});

test('what one does not hear, or is deleted, does not exist', () => {
  for (const actor of [...members, null]) {
    const deleted = { ...said, authorId: actor?.playerId ?? 'x', deletedAt: new Date() };
    expect(mayDelete(actor, actor, deleted)).toBe('MESSAGE_NOT_FOUND');
    if (maySpeak(actor, 'OFFICER')) {
      const secret = { channel: 'OFFICER' as const, authorId: 'x', deletedAt: null };
      expect(mayDelete(actor, null, secret)).toBe('MESSAGE_NOT_FOUND');
    }
  }
});
