import { expect, test } from 'vitest';
import { mayDelete } from './rules.ts';

const party = {
  leaderId: 'ada',
  joinPolicy: 'OPEN',
  maxMembers: 5,
  memberIds: ['ada', 'bea', 'cyd'],
} as const;
const standing = { authorId: 'bea', deletedAt: null };

test.each([
  ['the author', 'bea', standing, null],
  ['the leader', 'ada', standing, null],
  ['another member', 'cyd', standing, 'NOT_AUTHOR'],
  ['the author, once more', 'bea', { ...standing, deletedAt: new Date(0) }, 'MESSAGE_DELETED'],
  ['another member, of a deleted one', 'cyd', { ...standing, deletedAt: new Date(0) }, 'NOT_AUTHOR'],
])('%s deletes a message', (_, actor, message, expected) => {
  expect(mayDelete(party, message, actor)).toBe(expected);
});
