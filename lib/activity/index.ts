export type { NewEvent, Occasion, Write } from './append.ts';
export { type ActivityRetention, activityExpiry } from './expiry.ts';
export type { Affected } from './follow.ts';
export { type ActivityBus, type ActivityLog, createActivityLog, cursorOf } from './log.ts';
export { type ActivityRow, type ActivityTables, activityTables, type EventShape } from './tables.ts';
