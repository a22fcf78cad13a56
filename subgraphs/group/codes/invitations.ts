import { randomInt } from 'node:crypto';
import type { RandomInt } from './code.ts';

/** What an operator says about invitations. */
export interface InvitationDeps {
  /**
   * Where clients reach the gateway, e.g. `https://play.example.com`. `http://127.0.0.1:4000` unless told. Asked
   * at each use: a gateway whose port was taken knows its own only once it listens.
   */
  readonly gatewayUrl?: () => string;
  /** The user name of the Telegram bot that takes codes, e.g. `FellowshipBot`. None unless told. */
  readonly telegramBot?: string | undefined;
  /** `node:crypto`'s unless told. */
  readonly randomInt?: RandomInt;
}

/** How codes are made, and what leads to the group of one. */
export interface Invitations {
  readonly randomInt: RandomInt;
  inviteUrl(code: string): string;
  /** Null where no bot is configured. */
  telegramUrl(code: string): string | null;
}

export function createInvitations(deps: InvitationDeps): Invitations {
  const { gatewayUrl = () => 'http://127.0.0.1:4000', telegramBot } = deps;
  return {
    randomInt: deps.randomInt ?? ((below) => randomInt(below)),
    inviteUrl: (code) => new URL(`/groups/join/${code}`, gatewayUrl()).href,
    telegramUrl: (code) => (telegramBot ? `https://t.me/${telegramBot}?start=${code}` : null),
  };
}
