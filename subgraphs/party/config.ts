import { readActivities } from './composition/activities.ts';
import type { PartyDeps } from './server.ts';

/**
 * What an operator may say about parties. PARTY_ACTIVITIES: what they can be for and whom it takes, as JSON, in
 * the place of the usual ones: `{"DUNGEON": {"TANK": 1, "HEALER": 1, "DPS": 3}, "QUESTING": {}}`. Throws an error
 * that names the fault. An empty variable is not set.
 */
export function readPartyConfig(
  environment: Readonly<Record<string, string | undefined>>,
): Pick<PartyDeps, 'activities'> {
  const json = environment['PARTY_ACTIVITIES'];
  return json ? { activities: Object.fromEntries(readActivities(parse(json))) } : {};
}

function parse(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch (cause) {
    throw new Error('PARTY_ACTIVITIES is not JSON', { cause });
  }
}
