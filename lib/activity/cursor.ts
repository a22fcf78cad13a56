/** Where one stands in a subject's log: after its `sequence`th event. */
export interface LogCursor {
  readonly subject: string;
  readonly sequence: number;
}

/** Opaque to clients. It names the subject, so that a cursor of another log is refused and not misread. */
export function encodeLogCursor({ subject, sequence }: LogCursor): string {
  return Buffer.from(`${subject} ${sequence}`).toString('base64url');
}

/** The sequence in a cursor of `subject`, or null when it is malformed or of another subject. */
export function decodeLogCursor(cursor: string, subject: string): number | null {
  const [of, sequence, ...rest] = Buffer.from(cursor, 'base64url').toString().split(' ');
  if (of !== subject || rest.length > 0 || !/^\d{1,15}$/.test(sequence ?? '')) return null;
  return Number(sequence);
}
