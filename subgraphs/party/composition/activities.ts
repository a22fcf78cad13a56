import { z } from 'zod';
import type { PartyRole } from '../schema.generated.ts';

/** Whom an activity takes: at least so many of each role. */
export type Requirement = Readonly<Record<PartyRole, number>>;

/** What parties can be for, by key. */
export type Activities = ReadonlyMap<string, Requirement>;

/** The same as an operator writes it; roles left out are not needed. */
export type ActivitiesInput = Readonly<Record<string, Partial<Requirement>>>;

/** What parties are for where an operator does not say. */
export const defaultActivities: ActivitiesInput = {
  QUESTING: {},
  DUNGEON: { TANK: 1, HEALER: 1, DPS: 3 },
  RAID: { TANK: 1, HEALER: 2, DPS: 2 },
  ARENA: { HEALER: 1, DPS: 2 },
  BATTLEGROUND: { HEALER: 1, DPS: 3 },
};

/** The most members a party has, so the most that an activity can take. */
const largestParty = 5;

const role = z.int().min(0).max(largestParty).default(0);
const requirement = z
  .strictObject({ TANK: role, HEALER: role, DPS: role })
  .refine(({ TANK, HEALER, DPS }) => TANK + HEALER + DPS <= largestParty, {
    error: `an activity takes ${largestParty} players at the most`,
  });
const activities = z.record(z.string().regex(/^[A-Z][A-Z0-9_]{0,49}$/), requirement);

/** Throws an error that names every fault of a configuration. */
export function readActivities(input: unknown): Activities {
  const parsed = activities.safeParse(input);
  if (!parsed.success) throw new Error(`The activities are not right:\n${z.prettifyError(parsed.error)}`);
  return new Map(Object.entries(parsed.data));
}
