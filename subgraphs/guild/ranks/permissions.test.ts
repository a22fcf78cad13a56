import { expect, test } from 'vitest';
import type { GuildPermission } from '../schema.generated.ts';
import { grantOf, permissionsOf, systemRanks } from './permissions.ts';

// As the product describes it: permission, key, then Leader, Officer, Veteran, Member, Recruit.
const product: readonly (readonly [GuildPermission, string, string])[] = [
  ['READ', 'guild.read', 'xxxxx'],
  ['MEMBERS_READ', 'guild.members.read', 'xxxxx'],
  ['PAGE_READ', 'guild.page.read', 'xxxxx'],
  ['CHAT', 'guild.chat', 'xxxxx'],
  ['BANK_DEPOSIT', 'guild.bank.deposit', 'xxxx.'],
  ['INVITE', 'guild.members.invite', 'xxx..'],
  ['BANK_WITHDRAW', 'guild.bank.withdraw', 'xxx..'],
  ['KICK', 'guild.members.kick', 'xx...'],
  ['REVIEW_APPLICATIONS', 'guild.applications.review', 'xx...'],
  ['OFFICER_CHAT', 'guild.chat.officer', 'xx...'],
  ['MODERATE_CHAT', 'guild.chat.moderate', 'xx...'],
  ['PAGE_EDIT', 'guild.page.edit', 'xx...'],
  ['NEWS_CREATE', 'guild.news.create', 'xx...'],
  ['MANAGE_EVENTS', 'guild.events.manage', 'xx...'],
  ['READ_AUDIT', 'guild.audit.read', 'xx...'],
  ['PROMOTE', 'guild.members.promote', 'x....'],
  ['MANAGE_RANKS', 'guild.roles.manage', 'x....'],
  ['MANAGE_BANK', 'guild.bank.manage', 'x....'],
  ['EDIT_INFO', 'guild.manage', 'x....'],
  ['DISBAND', 'guild.disband', 'x....'],
];

test('system ranks stand where the product puts them', () => {
  expect(systemRanks.map(({ kind, level }) => `${kind} ${level}`)).toEqual([
    'LEADER 5',
    'OFFICER 4',
    'VETERAN 3',
    'MEMBER 2',
    'RECRUIT 1',
  ]);
});

test.each(systemRanks.map(({ kind }, column) => ({ kind, column })))(
  '$kind may do what the product says',
  ({ kind, column }) => {
    const expected = product.filter(([, , marks]) => marks[column] === 'x').map(([permission]) => permission);
    expect(permissionsOf(kind)).toEqual(expected);
  },
);

test.each(product)('%s has the key %s', (permission, key) => {
  expect(grantOf(permission)).toEqual({ permission, key });
});
