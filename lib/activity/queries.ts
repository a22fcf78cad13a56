import { ownTenant, query } from '@fellowship/postgres';
import { and, asc, desc, eq, gt, gte, sql } from 'drizzle-orm';
import type { ActivityTables } from './tables.ts';

/** The statements over one subgraph's log. */
export function activityQueries({ activity, heads, relays }: ActivityTables) {
  const row = {
    tenantId: activity.tenantId,
    subject: activity.subject,
    sequence: activity.sequence,
    id: activity.id,
    type: activity.type,
    actorId: activity.actorId,
    data: sql<object>`${activity.data}`.as('data'),
    occurredAt: activity.occurredAt,
  };
  // The tenant once more, although row level security asks for it: its policies are "the tenant's, or read by the
  // relay", and an `or` is no condition for an index. Without this a page read the whole log of the subject.
  const ofSubject = and(ownTenant(activity.tenantId), eq(activity.subject, sql.placeholder('subject')));

  return {
    /** The number of a subject's last event; no row: it has none. */
    head: query('activity_head', (db) =>
      db
        .select({ sequence: heads.sequence })
        .from(heads)
        .where(and(ownTenant(heads.tenantId), eq(heads.subject, sql.placeholder('subject')))),
    ),

    /** The numbers of many tenants' subjects' last events. */
    heads: query('activity_heads', (db) =>
      db
        .select({ tenantId: heads.tenantId, subject: heads.subject, sequence: heads.sequence })
        .from(heads)
        .innerJoin(
          sql`unnest(${sql.placeholder('tenantIds')}::uuid[], ${sql.placeholder('subjects')}::text[]) as of(tenant_id, subject)`,
          sql`of.tenant_id = ${heads.tenantId} and of.subject = ${heads.subject}`,
        ),
    ),

    /** Oldest first, from just after `sequence`. */
    since: query('activity_since', (db) =>
      db
        .select(row)
        .from(activity)
        .where(and(ofSubject, gt(activity.sequence, sql.placeholder('sequence'))))
        .orderBy(asc(activity.sequence))
        .limit(sql.placeholder('limit')),
    ),

    /** Of each of the subjects, newest first, from just before its `sequences`, which is told as `before`. */
    before: query('activity_before', (db) => {
      const page = db
        .select(row)
        .from(activity)
        .where(
          and(
            ownTenant(activity.tenantId),
            sql`${activity.subject} = place.subject`,
            sql`${activity.sequence} < place.before`,
          ),
        )
        .orderBy(desc(activity.sequence))
        .limit(sql.placeholder('limit'))
        .as('page');
      return db
        .select({ ...page._.selectedFields, before: sql<string>`place.before::text`.as('place_before') })
        .from(
          sql`unnest(${sql.placeholder('subjects')}::text[], ${sql.placeholder('sequences')}::bigint[]) as place(subject, before)`,
        )
        .crossJoinLateral(page)
        .orderBy(asc(page.subject), desc(page.sequence));
    }),

    /**
     * All tenants' events that no open transaction can precede any more, in their order. Whoever holds a
     * transaction open that has written delays the tail, so ours are short.
     */
    tail: query('activity_tail', (db) =>
      db
        .select({ ...row, xid: activity.xid, position: activity.position })
        .from(activity)
        .where(
          and(
            gte(activity.xid, sql.placeholder('xid')),
            sql`(${activity.xid}, ${activity.position}) > (${sql.placeholder('xid')}::xid8, ${sql.placeholder('position')}::bigint)`,
            sql`${activity.xid} < pg_snapshot_xmin(pg_current_snapshot())`,
          ),
        )
        .orderBy(asc(activity.xid), asc(activity.position))
        .limit(sql.placeholder('limit')),
    ),

    /**
     * What can be seen now, the first transaction that is still open, and the first position from transaction
     * `from` on, if there is one.
     */
    window: query('activity_window', (db) =>
      db
        .select({
          snapshot: sql<string>`snapshot::text`,
          to: sql<string>`pg_snapshot_xmin(snapshot)::text`,
          first: sql<string | null>`(select min(position) from ${activity}
            where xid >= ${sql.placeholder('from')}::xid8)`,
        })
        .from(sql`pg_current_snapshot() as snapshot`),
    ),

    /** Events from transaction `from` on, as they were in `snapshot`, after `position`. */
    inWindow: query('activity_in_window', (db) =>
      db
        .select({ ...row, copy: activity.copy, xid: activity.xid, position: activity.position })
        .from(activity)
        .where(
          and(
            gt(activity.position, sql.placeholder('position')),
            gte(activity.xid, sql.placeholder('from')),
            sql`pg_visible_in_snapshot(${activity.xid}, ${sql.placeholder('snapshot')}::pg_snapshot)`,
          ),
        )
        .orderBy(asc(activity.position))
        .limit(sql.placeholder('limit')),
    ),

    /** The first transaction of which something comes with or after an event of any tenant. */
    resume: query('activity_resume', (db) =>
      db
        .select({
          xid: sql<string>`(select min(xid::text::numeric) from ${activity} later
            where later.position >= ${activity}.position)::text`,
        })
        .from(activity)
        .where(
          and(
            eq(activity.tenantId, sql.placeholder('tenantId')),
            ofSubject,
            eq(activity.sequence, sql.placeholder('sequence')),
            eq(activity.id, sql.placeholder('id')),
          ),
        ),
    ),

    /** How far the log was passed on to a bus. */
    place: query('activity_place', (db) =>
      db
        .select({ xid: relays.xid, store: relays.store, stored: relays.stored })
        .from(relays)
        .where(and(ownTenant(relays.tenantId), eq(relays.bus, sql.placeholder('bus')))),
    ),

    keepPlace: query('activity_keep_place', (db) =>
      db
        .insert(relays)
        .values({
          bus: sql.placeholder('bus'),
          xid: sql.placeholder('xid'),
          store: sql.placeholder('store'),
          stored: sql.placeholder('stored'),
        })
        .onConflictDoUpdate({
          target: [relays.tenantId, relays.bus],
          set: { xid: sql`excluded.xid`, store: sql`excluded.store`, stored: sql`excluded.stored` },
        }),
    ),

    /** Where the tail begins: before any transaction that is open now. */
    now: query('activity_now', (db) =>
      db
        .select({ xid: sql<string>`pg_snapshot_xmin(pg_current_snapshot())::text` })
        .from(sql`(select 1) as t`),
    ),
  };
}

export type ActivityQueries = ReturnType<typeof activityQueries>;
