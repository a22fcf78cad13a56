// `pnpm loot:verify <drop>`: asks the graph for a drop as a member of its party, and checks with nothing but the answer
// that it was fair. Ends with 1 when it was not.
import { parseArgs } from 'node:util';
import { connect, type Data } from '@fellowship/client';
import { issueDevToken, loadOrCreateDevKeys } from '@fellowship/identity';
import { publishedFields, verifyDrop } from '@fellowship/party';
import { readConfiguration } from './configuration.ts';
import { openDirectories } from './directories.ts';
import { readRuntimeFile } from './runtime-file.ts';

const USAGE = `Usage: pnpm loot:verify <drop> [options]
  <drop>            the drop's UUID
  --name <name>     a player in its party, where the graph takes development tokens
  --tenant <name>   the game (default: demo)
  --token <token>   the token of a player in its party, anywhere
  --url <url>       the gateway (default: the graph that runs from this checkout)`;

interface Question {
  readonly dropId: string;
  readonly url: string;
  readonly token: string;
}

async function readArguments(): Promise<Question> {
  const text = { type: 'string' } as const;
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { name: text, tenant: text, token: text, url: text },
  });
  const [dropId, ...more] = positionals;
  if (dropId === undefined || more.length > 0) throw new Error(`Which drop? Give one.\n\n${USAGE}`);
  const { production, state } = readConfiguration(process.env);
  const directories = await openDirectories(state);
  const url = values.url ?? (await readRuntimeFile(directories.state))?.url;
  if (url === undefined) throw new Error('No graph runs from this checkout: start one, or give its --url.');
  if (values.token !== undefined) return { dropId, url, token: values.token };
  const { name, tenant } = values;
  if (name === undefined) throw new Error(`Who asks? Give a --name or a --token.\n\n${USAGE}`);
  const keys = await loadOrCreateDevKeys(directories.state, production ? 'production' : undefined);
  return { dropId, url, token: await issueDevToken(keys, { name, tenant }, new Date()) };
}

const query = `query ($id: ID!) { me { party { lootDrop(id: $id) { source ${publishedFields} } } } }`;

async function verify({ dropId, url, token }: Question): Promise<void> {
  const graph = connect(url, token);
  const { me } = await graph.run(query, { id: dropId });
  const drop = me.party?.lootDrop;
  if (!drop) throw new Error('No such drop, or not of the party that this player is in.');
  for (const item of drop.items) tell(item);
  console.log(`\ncommitment ${drop.commitment}\nseed       ${drop.seed ?? 'not revealed yet'}`);
  const faults = verifyDrop(drop);
  if (faults.length > 0) throw new Error(`\nNot verified:\n  ${faults.join('\n  ')}`);
  console.log('\nFair: the seed is the one committed to, and every number and winner follows from it.');
}

function tell({ id, mode, status, winner, rounds }: Data): void {
  console.log(`item ${id} ${mode} ${status}${winner ? ` ${winner.id}` : ''}`);
  for (const [index, { rolls }] of rounds.entries()) {
    const numbers = rolls.map(({ player, number }: Data) => `${player.id} ${String(number).padStart(3)}`);
    console.log(`  round ${index + 1}\n    ${numbers.join('\n    ')}`);
  }
}

try {
  await verify(await readArguments());
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
