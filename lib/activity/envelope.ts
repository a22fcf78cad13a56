import type { CloudEvent, Message } from '@fellowship/bus';
import type { ActivityRow } from './tables.ts';

/** A subject's events on the bus: `fellowship.party.<tenant>.party.<id>.<type>`; a `:` of the subject is a `.`. */
export const busSubject = (service: string, tenantId: string, subject: string): string =>
  `fellowship.${service}.${tenantId}.${subject.replaceAll(':', '.')}`;

/** An event of the log as its message. A copy has an id of its own there, and the event's in what it holds. */
export function messageOf(service: string, row: ActivityRow & { readonly copy: boolean }): Message {
  const { tenantId, subject, sequence, id, type, actorId, data, occurredAt, copy } = row;
  const event = {
    specversion: '1.0',
    id,
    source: `/fellowship/${service}`,
    type,
    subject,
    time: occurredAt.toISOString(),
    datacontenttype: 'application/json',
    tenant: tenantId,
    ...(actorId !== null && { actor: actorId }),
    sequence: String(sequence),
    sequencetype: 'Integer',
    data,
  } satisfies CloudEvent & Record<string, unknown>;
  return {
    subject: `${busSubject(service, tenantId, subject)}.${type}`,
    id: copy ? `${id} ${subject}` : id,
    data: JSON.stringify(event),
  };
}

/** The log's row in an event that `messageOf` made. */
export function rowOf({ tenant, subject, sequence, id, type, actor, time, data }: CloudEvent): ActivityRow {
  return {
    tenantId: tenant,
    subject: String(subject),
    sequence: Number(sequence),
    id,
    type,
    actorId: actor ?? null,
    occurredAt: new Date(String(time)),
    data: data as object,
  };
}
