import { activityTables } from '@fellowship/activity';
import { commandTable } from '@fellowship/command';
import { socialGroup } from './schema.ts';

export const { activity, heads, relays } = activityTables(socialGroup);

export const commands = commandTable(socialGroup);
