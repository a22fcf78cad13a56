import { parseArgs } from 'node:util';
import type { Data } from '@fellowship/client';
import { openDirectories, readRuntimeFile, startThrowawayStack } from '@fellowship/start';
import { dungeon } from './acts/dungeon.ts';
import { group } from './acts/group.ts';
import { guild } from './acts/guild.ts';
import { party } from './acts/party.ts';
import { openStage, type Stage } from './stage.ts';

/** `pnpm demo`: a story played through the public API by real clients. Ends with 1 when any step fails. */
async function main(): Promise<void> {
  const { values } = parseArgs({ options: { services: { type: 'boolean', default: false } } });
  const { url, state, stop } = await findGraph(values.services);
  try {
    const stage = await openStage(url, state);
    await tell(stage);
    await stage.close();
  } finally {
    await stop();
  }
}

/** The graph that runs from this checkout, else one that is started for the story and removed after it. */
async function findGraph(services: boolean): Promise<{ url: string; state: string; stop(): Promise<void> }> {
  const { state } = await openDirectories(process.env['FELLOWSHIP_STATE']);
  const running = services ? undefined : await readRuntimeFile(state);
  if (running) {
    console.log(`Playing on the graph that runs at ${running.url}.`);
    return { url: running.url, state, stop: async () => {} };
  }
  const topology = services ? 'services' : 'process';
  console.log(`Starting a graph for the story (${services ? 'four processes' : 'one process'}).`);
  return startThrowawayStack(topology);
}

async function tell(stage: Stage): Promise<void> {
  const [ada, bea] = await Promise.all([stage.player('Ada'), stage.player('Bea')]);
  const others = await Promise.all(['Cyd', 'Dan', 'Eve'].map((name) => stage.player(name)));
  const players = [ada, bea, ...others];
  await party(stage, players);
  await dungeon(stage, players);
  await guild(stage, players);
  await group(stage, players);

  stage.tell('One query by Bea over party, guild and group:');
  const { me } = await bea.run(`{ me { party { members { role player {
    id
    guildMemberships(first: 5) { nodes { guild { name } rank { name } } }
    groups(first: 5) { nodes { name } }
  } } } } }`);
  for (const { role, player } of me.party.members) {
    const name = players.find(({ id }) => id === player.id)?.name;
    const guilds = player.guildMemberships.nodes.map(
      ({ guild, rank }: Data) => `${rank.name} of ${guild.name}`,
    );
    const groups = player.groups.nodes.map((group: Data) => `in ${group.name}`);
    console.log(`   ${[`${name}, ${role}`, ...guilds, ...groups].join(', ')}`);
  }
  stage.tell('The end. Every step succeeded.');
}

await main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
