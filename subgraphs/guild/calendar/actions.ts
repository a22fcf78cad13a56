import { idOf } from '@fellowship/graphql';
import { lineOf, linesOf } from '@fellowship/text';
import { and, eq, sql } from 'drizzle-orm';
import { record } from '../audit/record.ts';
import type { Context, Tx } from '../context.ts';
import { deny, denyIf } from '../denials.ts';
import { guildLog } from '../events.ts';
import { enterGuild } from '../guilds/state.ts';
import type { CalendarEventRow } from '../rows.ts';
import type {
  GuildAttendance,
  GuildEventCancelInput,
  GuildEventCreateInput,
  GuildEventRespondInput,
  GuildEventUpdateInput,
} from '../schema.generated.ts';
import { calendarCounts, calendarEvents, calendarResponses } from '../tables/index.ts';
import { answerOf, countRecurring, eventsByIds } from './queries.ts';
import { isTimeZone, lastStart, recurrenceOf } from './recurrence.ts';
import { isDuration, isNear, mayPlan, mayRecur, mayRespond } from './rules.ts';
import { endOf, takesPlaceAt } from './window.ts';

/** Returns the event's id, here and below. */
export const createEvent = (context: Context, input: GuildEventCreateInput): Promise<string> =>
  context.command('guildEventCreate', input, async (tx) => {
    const { guild, actor } = await enterGuild(tx, context.viewer, input.guildId);
    denyIf(mayPlan(actor));
    const id = context.newId();
    const plan = await planOf(tx, guild.id, id, { ...input, description: input.description ?? '' });
    await tx.db.insert(calendarEvents).values({
      ...plan,
      id,
      guildId: guild.id,
      excluded: [],
      creatorId: context.viewer.playerId,
      createdAt: tx.now,
    });
    const data = { guildId: guild.id, eventId: id };
    tx.emit({ type: 'guild.event.created', subject: guildLog(guild.id), data });
    await record(tx, context, {
      guildId: guild.id,
      action: 'EVENT_CREATED',
      subjectId: id,
      after: told(plan),
    });
    return id;
  });

export const updateEvent = (context: Context, input: GuildEventUpdateInput): Promise<string> =>
  context.command('guildEventUpdate', input, async (tx) => {
    const { event } = await enterEvent(tx, context, input.eventId, true);
    const { id, guildId } = event;
    const plan = await planOf(tx, guildId, id, {
      title: input.title ?? event.title,
      description: input.description ?? event.description,
      startsAt: input.startsAt ?? event.startsAt,
      isNew: Boolean(input.startsAt),
      durationMinutes: input.durationMinutes ?? event.durationMinutes,
      timeZone: input.timeZone ?? event.timeZone,
      recurrence: input.recurrence === undefined ? event.recurrence : input.recurrence,
    });
    await tx.db.update(calendarEvents).set(plan).where(eq(calendarEvents.id, id));
    tx.emit({ type: 'guild.event.updated', subject: guildLog(guildId), data: { guildId, eventId: id } });
    const changed = { before: told(event), after: told(plan) };
    await record(tx, context, { guildId, action: 'EVENT_UPDATED', subjectId: id, ...changed });
    return id;
  });

export const cancelEvent = (context: Context, input: GuildEventCancelInput): Promise<string> =>
  context.command('guildEventCancel', input, async (tx) => {
    const { event } = await enterEvent(tx, context, input.eventId, true);
    const { id, guildId } = event;
    const reason = linesOf(input.reason ?? '', 0, 500) ?? deny('INVALID_INPUT', ['reason']);
    const startsAt = input.startsAt ?? null;
    if (startsAt !== null && !takesPlaceAt(event, startsAt)) deny('OCCURRENCE_NOT_FOUND', ['startsAt']);
    const one = event.recurrence === null ? null : (startsAt?.toISOString() ?? null);
    const change = one === null ? { cancelledAt: tx.now } : { excluded: [...event.excluded, one] };
    await tx.db.update(calendarEvents).set(change).where(eq(calendarEvents.id, id));
    const data = { guildId, eventId: id, startsAt: one };
    tx.emit({ type: 'guild.event.cancelled', subject: guildLog(guildId), data });
    const before = { title: event.title, startsAt: one ?? event.startsAt.toISOString() };
    const entry = { guildId, subjectId: id, reason: reason || null, before };
    await record(tx, context, { ...entry, action: 'EVENT_CANCELLED' });
    return id;
  });

/** Returns the occurrence's key. The same answer again changes nothing. */
export const respond = (
  context: Context,
  input: GuildEventRespondInput,
): Promise<{ eventId: string; startsAt: string }> =>
  context.command('guildEventRespond', input, async (tx) => {
    const { playerId } = context.viewer;
    const { event, actor } = await enterEvent(tx, context, input.eventId, false);
    const { startsAt, attendance } = input;
    const endsAt = endOf(startsAt, event.durationMinutes);
    denyIf(mayRespond(actor, takesPlaceAt(event, startsAt), endsAt, tx.now));
    const occurrence = { eventId: event.id, startsAt };
    const key = { eventId: event.id, startsAt: startsAt.toISOString() };
    const earlier = await answerOf(tx, { ...occurrence, playerId });
    if (earlier === attendance) return key;

    const row = { ...occurrence, playerId, attendance, respondedAt: tx.now };
    const { tenantId, eventId, startsAt: start, playerId: player } = calendarResponses;
    await tx.db
      .insert(calendarResponses)
      .values(row)
      .onConflictDoUpdate({
        target: [tenantId, eventId, start, player],
        set: { attendance, respondedAt: tx.now },
      });
    await count(tx, occurrence, attendance, earlier);
    tx.emit({
      type: 'guild.event.responded',
      subject: guildLog(event.guildId),
      data: { guildId: event.guildId, playerId, attendance, ...key },
    });
    return key;
  });

/** An event with its guild locked. EVENT_NOT_FOUND for who may not see it; for planners also once it is called off. */
async function enterEvent(tx: Tx, { viewer }: Context, eventId: string, toPlan: boolean) {
  const id = idOf(eventId) ?? deny('EVENT_NOT_FOUND');
  const find = async (): Promise<CalendarEventRow> => {
    const [event] = await eventsByIds(tx, { viewerId: viewer.playerId, ids: [id] });
    return event ?? deny('EVENT_NOT_FOUND');
  };
  const { guildId } = await find();
  const { actor } = await enterGuild(tx, viewer, guildId);
  const event = await find();
  if (toPlan) denyIf(mayPlan(actor) ?? (event.cancelledAt === null ? null : 'EVENT_NOT_FOUND'));
  return { event, actor };
}

type Plan = Pick<
  CalendarEventRow,
  'title' | 'description' | 'startsAt' | 'durationMinutes' | 'timeZone' | 'recurrence' | 'lastStartsAt'
>;

/** Checks what an event shall be. `isNew`: its start is chosen now. */
async function planOf(
  tx: Tx,
  guildId: string,
  eventId: string,
  input: {
    readonly title: string;
    readonly description: string;
    readonly startsAt: Date;
    readonly isNew?: boolean;
    readonly durationMinutes: number;
    readonly timeZone: string;
    readonly recurrence?: string | null | undefined;
  },
): Promise<Plan> {
  const { startsAt, isNew = true, durationMinutes, timeZone } = input;
  const title = lineOf(input.title, 1, 100) ?? deny('INVALID_INPUT', ['title']);
  const description = linesOf(input.description, 0, 2_000) ?? deny('INVALID_INPUT', ['description']);
  if (isNew && !isNear(startsAt, tx.now)) deny('INVALID_INPUT', ['startsAt']);
  if (!isDuration(durationMinutes)) deny('INVALID_INPUT', ['durationMinutes']);
  if (!isTimeZone(timeZone)) deny('TIME_ZONE_UNKNOWN', ['timeZone']);
  const recurrence = ruleOf(input.recurrence ?? null, startsAt, timeZone);
  const lastStartsAt = lastStart({ startsAt, timeZone, recurrence });
  if (recurrence !== null) denyIf(mayRecur(await countRecurring(tx, { guildId, now: tx.now, but: eventId })));
  return { title, description, startsAt, durationMinutes, timeZone, recurrence, lastStartsAt };
}

function ruleOf(text: string | null, startsAt: Date, timeZone: string): string | null {
  if (text === null) return null;
  const found = recurrenceOf(text, { startsAt, timeZone });
  return 'rule' in found ? found.rule : deny(found.denied, ['recurrence']);
}

/** An event as the audit log tells of it. */
const told = ({
  title,
  description,
  startsAt,
  durationMinutes,
  timeZone,
  recurrence,
}: Omit<Plan, 'lastStartsAt'>) => {
  return { title, description, startsAt: startsAt.toISOString(), durationMinutes, timeZone, recurrence };
};

const none = { going: 0, maybe: 0, declined: 0 };
const column = { GOING: 'going', MAYBE: 'maybe', DECLINED: 'declined' } as const;

/** Moves a member's answer from one count to another. */
async function count(
  tx: Tx,
  { eventId, startsAt }: { eventId: string; startsAt: Date },
  to: GuildAttendance,
  from: GuildAttendance | null,
): Promise<void> {
  if (from === null) {
    const { tenantId, eventId: event, startsAt: start } = calendarCounts;
    await tx.db
      .insert(calendarCounts)
      .values({ eventId, startsAt, ...none, [column[to]]: 1 })
      .onConflictDoUpdate({ target: [tenantId, event, start], set: raised(to, 1) });
    return;
  }
  const its = and(eq(calendarCounts.eventId, eventId), eq(calendarCounts.startsAt, startsAt));
  await tx.db
    .update(calendarCounts)
    .set({ ...raised(to, 1), ...raised(from, -1) })
    .where(its);
}

const raised = (attendance: GuildAttendance, by: 1 | -1) => {
  return { [column[attendance]]: sql`${calendarCounts[column[attendance]]} + ${sql.raw(String(by))}` };
};
