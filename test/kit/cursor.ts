import type { TestDatabase } from './database.ts';

/**
 * A cursor of a log, so many events before its end. Nothing tells a client that its subscription has begun: what happens
 * after this it hears in any case; and one that has given the first of those events has begun.
 */
export async function cursorIn(
  { sql }: Pick<TestDatabase, 'sql'>,
  schema: string,
  subject: string,
  back: number,
): Promise<string> {
  const [head] = await sql`select sequence from ${sql(schema)}.activity_heads where subject = ${subject}`;
  return Buffer.from(`${subject} ${Number(head?.['sequence'] ?? 0) - back}`).toString('base64url');
}
