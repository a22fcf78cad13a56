import type { PartyRole } from '../schema.generated.ts';
import type { Activities, Requirement } from './activities.ts';

/** How many members of a party play what. */
export interface Composition {
  readonly tanks: number;
  readonly healers: number;
  readonly dps: number;
}

interface RoleNeed {
  readonly role: PartyRole;
  readonly count: number;
}

const oneOfEach: Requirement = { TANK: 1, HEALER: 1, DPS: 1 };

/** Whom a party wants for its goal. One of each without one, or with one that is no activity any more. */
export function wantedFor(activities: Activities, goal: string | null): Requirement {
  return (goal === null ? undefined : activities.get(goal)) ?? oneOfEach;
}

/** What a party lacks for an activity. Who has not chosen a role counts for none. */
export function missingRoles({ tanks, healers, dps }: Composition, requirement: Requirement): RoleNeed[] {
  const played: Requirement = { TANK: tanks, HEALER: healers, DPS: dps };
  return (['TANK', 'HEALER', 'DPS'] as const)
    .map((role) => ({ role, count: requirement[role] - played[role] }))
    .filter(({ count }) => count > 0);
}
