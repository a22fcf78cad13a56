import type { PartyRow } from '../rows.ts';
import type { PartyRoleNeed } from '../schema.generated.ts';
import type { Activities } from './activities.ts';
import { missingRoles, wantedFor } from './rules.ts';

/** What a party lacks for an activity, or for its goal where none is given. Null: there is no such activity. */
export function missingFor(
  activities: Activities,
  party: PartyRow,
  activity: string | null,
): PartyRoleNeed[] | null {
  if (activity === null) return missingRoles(party, wantedFor(activities, party.goal));
  const requirement = activities.get(activity);
  return requirement ? missingRoles(party, requirement) : null;
}
