import { type GuildState, mayJoin } from '../membership/rules.ts';
import { lacks, type MemberState } from '../ranks/rules.ts';
import type { GuildApplicationStatus, GuildErrorCode } from '../schema.generated.ts';

/** `actor`: the applicant's membership, if there is one. */
export function mayApply(
  guild: { readonly recruiting: boolean },
  actor: MemberState | null,
  hasPending: boolean,
): GuildErrorCode | null {
  if (actor !== null) return 'ALREADY_A_MEMBER';
  if (!guild.recruiting) return 'NOT_RECRUITING';
  return hasPending ? 'ALREADY_APPLIED' : null;
}

/** What awaits no answer any more gets none. */
export function isUndecided(status: GuildApplicationStatus): GuildErrorCode | null {
  return status === 'PENDING' ? null : 'APPLICATION_DECIDED';
}

/** Approving and rejecting alike. */
export function mayDecide(actor: MemberState | null, status: GuildApplicationStatus): GuildErrorCode | null {
  return lacks(actor, 'REVIEW_APPLICATIONS') ?? isUndecided(status);
}

/** `applicant`: the applicant's membership, if they came in meanwhile. */
export function mayApprove(
  guild: GuildState,
  actor: MemberState | null,
  applicant: MemberState | null,
  status: GuildApplicationStatus,
): GuildErrorCode | null {
  return mayDecide(actor, status) ?? mayJoin(guild, applicant);
}
