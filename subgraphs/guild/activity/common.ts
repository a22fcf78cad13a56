import { cursorOf } from '@fellowship/activity';
import type { Context } from '../context.ts';
import type { GuildEventRow } from '../events.ts';

/** What every event answers. */
export const common = {
  cursor: (row: GuildEventRow) => cursorOf(row),
  actor: ({ actorId }: GuildEventRow) => (actorId === null ? null : { id: actorId }),
  guild: ({ data }: GuildEventRow, _args: object, { loaders }: Context) => loaders.guild.load(data.guildId),
};
