import { z } from 'zod';

/**
 * An event as it is on the bus: CloudEvents 1.0, JSON. `tenant`, `actor`, `sequence` are extensions; the last is
 * CloudEvents' own, and a string there.
 */
export interface CloudEvent {
  readonly specversion: '1.0';
  /** The same in every copy and repetition of one event. */
  readonly id: string;
  readonly source: string;
  readonly type: string;
  readonly tenant: string;
  readonly subject?: string | undefined;
  /** RFC 3339. */
  readonly time?: string | undefined;
  readonly actor?: string | undefined;
  /** The number in the log of its subject. */
  readonly sequence?: string | undefined;
  readonly data: unknown;
}

const shape = z.object({
  specversion: z.literal('1.0'),
  id: z.string().min(1).max(200),
  source: z.string().min(1),
  type: z.string().min(1),
  tenant: z.guid(),
  subject: z.string().optional(),
  time: z.string().optional(),
  actor: z.string().optional(),
  sequence: z.string().optional(),
  data: z.unknown(),
});

/** Throws an error that says what is wrong with it. */
export function parseCloudEvent(bytes: Uint8Array): CloudEvent {
  const parsed = shape.safeParse(JSON.parse(new TextDecoder().decode(bytes)));
  if (!parsed.success) throw new Error(`Not a CloudEvent with a tenant: ${z.prettifyError(parsed.error)}`);
  return parsed.data;
}
