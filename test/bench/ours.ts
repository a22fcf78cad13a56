import { join } from 'node:path';
import { issueDevToken, loadOrCreateDevKeys } from '@fellowship/identity';
import type { SubgraphName } from '@fellowship/server';
import { familyOf, startProcess } from './processes.ts';

/** How our own programs are run. */
export interface Ours {
  /** The checkout whose programs they are. */
  readonly checkout: string;
  /** A state directory, with the development keys that tokens are signed with. */
  readonly state: string;
  /** Where the profiles of their processors go (`--cpu-prof`), when they stop. */
  readonly profile?: string | undefined;
}

/** Runs one of our programs with its ports and the like in the environment, quiet but for warnings. */
export function startOurs(
  script: string,
  { checkout, state, profile }: Ours,
  environment: NodeJS.ProcessEnv,
) {
  const started = startProcess(join(checkout, script), {
    cwd: checkout,
    environment: {
      FELLOWSHIP_STATE: state,
      LOG_LEVEL: 'warn',
      // One player asks for all.
      LIMIT_PLAYER_POINTS: '1000000000',
      // By NODE_OPTIONS, so that processes started by it have it too.
      ...(profile && { NODE_OPTIONS: `--cpu-prof --cpu-prof-dir=${profile}` }),
      ...environment,
    },
  });
  return { ...started, pids: () => familyOf(started.pid) };
}

export type SubgraphUrls = Readonly<Record<SubgraphName, string>>;

export function urlsOf(ports: Readonly<Record<SubgraphName, number>>): SubgraphUrls {
  const url = (name: SubgraphName) => `http://127.0.0.1:${ports[name]}`;
  return { party: url('party'), guild: url('guild'), group: url('group') };
}

/** Our gateway, over remote subgraphs. */
export const startOurGateway = (
  ours: Ours,
  port: number,
  urls: SubgraphUrls,
  environment: NodeJS.ProcessEnv = {},
) =>
  startOurs('gateway/main.ts', ours, {
    GATEWAY_PORT: String(port),
    PARTY_URL: urls.party,
    GUILD_URL: urls.guild,
    GROUP_URL: urls.group,
    ...environment,
  });

/** Tokens of the players with these names or ids. */
export async function tokensOf(state: string, names: readonly string[]): Promise<string[]> {
  const keys = await loadOrCreateDevKeys(state, undefined);
  return Promise.all(names.map((name) => issueDevToken(keys, { name }, new Date())));
}
