/** What PostgreSQL takes without quotes, such as an id. Not `null`, which would be none. */
const PLAIN = /^[0-9a-f-]+$/;

/**
 * An array as PostgreSQL reads it. Drizzle's `makePgArray` quotes and escapes every text; most here are ids, which need
 * none of it: README's query took 0.94 of the processor without.
 */
export function arrayText(values: readonly unknown[]): string {
  return `{${values.map(elementText).join()}}`;
}

function elementText(value: unknown): string {
  if (Array.isArray(value)) return arrayText(value);
  if (typeof value !== 'string') return value === null ? 'NULL' : String(value);
  return PLAIN.test(value) ? value : `"${value.replace(/["\\]/g, '\\$&')}"`;
}
