import { lacks, type MemberState, type RankState } from '../ranks/rules.ts';
import type { GuildErrorCode } from '../schema.generated.ts';

/** The most that one movement, one balance or one limit may be: what 64 bits hold. */
export const largestAmount = 2n ** 63n - 1n;
/** The most tabs of a guild. */
export const mostTabs = 20;
/** The most kinds of items in a tab. */
export const mostKinds = 100;

/** What there is of what is moved. */
export interface Stock {
  readonly balance: bigint;
  /** How many kinds of items the tab holds. Zero for currency. */
  readonly kinds: number;
}

/** What a rank lets its holders withdraw in a day, and what the actor did withdraw today, of what is moved. */
export interface Allowance {
  /** Null: no limit. */
  readonly limit: bigint | null;
  readonly withdrawn: bigint;
}

export function mayDeposit(actor: MemberState | null, amount: bigint, stock: Stock): GuildErrorCode | null {
  const refused = lacks(actor, 'BANK_DEPOSIT') ?? isNoAmount(amount);
  if (refused) return refused;
  if (stock.balance === 0n && stock.kinds >= mostKinds) return 'BANK_TAB_FULL';
  return stock.balance + amount > largestAmount ? 'BALANCE_TOO_HIGH' : null;
}

export function mayWithdraw(
  actor: MemberState | null,
  amount: bigint,
  { balance }: Stock,
  { limit, withdrawn }: Allowance,
): GuildErrorCode | null {
  const refused = lacks(actor, 'BANK_WITHDRAW') ?? isNoAmount(amount);
  if (refused) return refused;
  if (amount > balance) return 'BALANCE_TOO_LOW';
  return limit !== null && withdrawn + amount > limit ? 'DAILY_LIMIT_REACHED' : null;
}

function isNoAmount(amount: bigint): GuildErrorCode | null {
  if (amount === 0n) return 'AMOUNT_ZERO';
  if (amount < 0n) return 'AMOUNT_NEGATIVE';
  return amount > largestAmount ? 'AMOUNT_TOO_LARGE' : null;
}

export function mayManageTabs(actor: MemberState | null): GuildErrorCode | null {
  return lacks(actor, 'MANAGE_BANK');
}

/** Limits hold ranks strictly below one's own, and so never the leader. `rank`: null when there is none such. */
export function mayLimit(
  actor: MemberState | null,
  rank: RankState | null,
  limits: readonly (bigint | null)[],
): GuildErrorCode | null {
  if (actor === null || lacks(actor, 'MANAGE_BANK')) return 'MISSING_PERMISSION';
  if (rank === null) return 'RANK_NOT_FOUND';
  if (rank.level >= actor.rank.level) return 'RANK_NOT_BELOW_YOU';
  for (const limit of limits) {
    if (limit !== null && limit < 0n) return 'AMOUNT_NEGATIVE';
    if (limit !== null && limit > largestAmount) return 'AMOUNT_TOO_LARGE';
  }
  return null;
}
