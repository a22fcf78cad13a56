import { activityTables } from '@fellowship/activity';
import { commandTable } from '@fellowship/command';
import { party } from './schema.ts';

export const { activity, heads, relays } = activityTables(party);

export const commands = commandTable(party);
