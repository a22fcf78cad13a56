import { activityTables } from '@fellowship/activity';
import { commandTable } from '@fellowship/command';
import { guild } from './schema.ts';

export const { activity, heads, relays } = activityTables(guild);

export const commands = commandTable(guild);
