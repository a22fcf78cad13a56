const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/**
 * A client's ID in its canonical form, or null when it can't be the id of anything: no UUID. Then the answer is
 * the same as for an id that does not exist, and the database is not asked.
 */
export function idOf(id: string): string | null {
  return uuid.test(id) ? id.toLowerCase() : null;
}
