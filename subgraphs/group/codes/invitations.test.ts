import { expect, test } from 'vitest';
import { readInvitationConfig } from './config.ts';
import { createInvitations } from './invitations.ts';

test('without configuration, links lead to a gateway on this machine and to no bot', () => {
  const invitations = createInvitations(readInvitationConfig({ TELEGRAM_BOT: '' }));
  expect(invitations.inviteUrl('ABCD2345')).toBe('http://127.0.0.1:4000/groups/join/ABCD2345');
  expect(invitations.appUrl('ABCD2345')).toBe('fellowship://groups/join/ABCD2345');
  expect(invitations.telegramUrl('ABCD2345')).toBeNull();
});

test('links lead where the operator says', () => {
  const environment = {
    GATEWAY_PUBLIC_URL: 'https://play.example.com',
    APP_LINK: 'mygame://join/',
    TELEGRAM_BOT: 'FellowshipBot',
  };
  const invitations = createInvitations(readInvitationConfig(environment));
  expect(invitations.inviteUrl('ABCD2345')).toBe('https://play.example.com/groups/join/ABCD2345');
  expect(invitations.appUrl('ABCD2345')).toBe('mygame://join/ABCD2345');
  expect(invitations.telegramUrl('ABCD2345')).toBe('https://t.me/FellowshipBot?start=ABCD2345');
});

test('a gateway that learns its URL later is asked at each use', () => {
  let url = 'http://127.0.0.1:4000';
  const invitations = createInvitations({ gatewayUrl: () => url });
  url = 'http://127.0.0.1:4001';
  expect(invitations.inviteUrl('ABCD2345')).toBe('http://127.0.0.1:4001/groups/join/ABCD2345');
});

test('every variable with a fault is named', () => {
  const environment = { GATEWAY_PUBLIC_URL: 'play', APP_LINK: 'javascript:join(', TELEGRAM_BOT: '@bot' };
  expect(() => readInvitationConfig(environment)).toThrow(
    /GATEWAY_PUBLIC_URL[\s\S]*APP_LINK[\s\S]*TELEGRAM_BOT/,
  );
});

test('in production the gateway’s URL must be set: links to this machine would lead nowhere', () => {
  const production = { NODE_ENV: 'production' };
  expect(() => readInvitationConfig(production)).toThrow(/GATEWAY_PUBLIC_URL/);
  const told = { ...production, GATEWAY_PUBLIC_URL: 'https://play.example.com' };
  expect(readInvitationConfig(told).gatewayUrl?.()).toBe('https://play.example.com');
});

test('numbers come from a secure source unless told', () => {
  const { randomInt } = createInvitations({});
  expect(
    Array.from({ length: 100 }, () => randomInt(2)).every((number) => number === 0 || number === 1),
  ).toBe(true);
});
