import { randomInt } from 'node:crypto';
import {
  createGuessLimit,
  DEFAULT_GUESSES,
  type GuessLimit,
  type GuessLimitOptions,
  memoryRates,
  type RateStore,
} from '@fellowship/rate-limit';
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
  /**
   * What a code is put behind to make a link that opens the game's app, e.g. `mygame://join/`.
   * `fellowship://groups/join/` unless told.
   */
  readonly appLink?: string | undefined;
  /** How often a player may name a wrong code; 60 times in 10 minutes unless told. */
  readonly guesses?: GuessLimitOptions;
  /** Where they are counted; in memory unless told. Belongs to who made it. */
  readonly rates?: RateStore;
  /** `node:crypto`'s unless told. */
  readonly randomInt?: RandomInt;
}

/** How codes are made, and what leads to the group of one. */
export interface Invitations {
  readonly randomInt: RandomInt;
  /** Counts wrong codes, by player. */
  readonly guesses: GuessLimit;
  inviteUrl(code: string): string;
  appUrl(code: string): string;
  /** Null where no bot is configured. */
  telegramUrl(code: string): string | null;
}

export function createInvitations(deps: InvitationDeps): Invitations {
  const { gatewayUrl = () => 'http://127.0.0.1:4000', telegramBot } = deps;
  const { appLink = 'fellowship://groups/join/', guesses = DEFAULT_GUESSES, rates = memoryRates() } = deps;
  return {
    guesses: createGuessLimit(rates, guesses),
    randomInt: deps.randomInt ?? ((below) => randomInt(below)),
    inviteUrl: (code) => new URL(`/groups/join/${code}`, gatewayUrl()).href,
    appUrl: (code) => `${appLink}${code}`,
    telegramUrl: (code) => (telegramBot ? `https://t.me/${telegramBot}?start=${code}` : null),
  };
}
