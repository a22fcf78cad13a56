import { type Contender, race } from '../http/race.ts';
import type { Options } from '../options.ts';
import { familyOf } from '../processes.ts';
import type { Section } from '../report/section.ts';
import { startContender } from './contenders.ts';
import { createDatabase } from './database.ts';
import { playerIds, seedWorld, worldQuery } from './world.ts';

/** Everything from a client's request to PostgreSQL, all on one database. */
export async function measure(options: Options): Promise<Section> {
  const databaseUrl = await createDatabase(options.postgresUrl, 'bench_system');
  await seedWorld(databaseUrl);
  const contenders: Contender[] = [];
  try {
    for (const name of options.contenders) {
      const contender = await startContender(name, databaseUrl, playerIds, options);
      if (contender) contenders.push(contender);
    }
    const body = JSON.stringify({ query: worldQuery });
    return {
      title: 'Whole system on PostgreSQL',
      notes: [
        'README’s query: five members, their two guilds and three groups each, for a thousand players in turns.',
        'ours: one process. services: gateway and three subgraphs. apollo: the same four with stock servers, gateway and data source, over the same resolvers. floor: one handler, one statement, no token, no rules.',
        'CPU: with PostgreSQL’s. Memory: without.',
      ],
      figures: await race({
        ...options,
        contenders,
        reads: [{ name: 'party, members, guilds, groups', bodies: playerIds.map(() => body) }],
        shared: () => familyOf(options.postgresPid),
        compare: [
          { of: 'ours', to: 'apollo', atLeast: 6 },
          { of: 'ours', to: 'floor', atLeast: 0.5 },
          { of: 'services', to: 'apollo', atLeast: 2.5 },
          { of: 'ours', to: 'before' },
        ],
      }),
    };
  } finally {
    for (const contender of contenders) await contender.stop();
  }
}
