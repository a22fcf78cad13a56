import { createSubgraph as createGroup } from '@fellowship/group';
import { createSubgraph as createGuild } from '@fellowship/guild';
import { createSubgraph as createParty, readPartyConfig } from '@fellowship/party';
import type { SubgraphName } from '@fellowship/server';

export interface StartableSubgraph {
  readonly name: SubgraphName;
  readonly create: typeof createParty;
  /** What it reads of the environment for itself. */
  readonly configure?: typeof readPartyConfig;
  /** The port it listens on as a process of its own, where it is free. */
  readonly usualPort: number;
}

/** What a stack is made of, besides the gateway. */
export const subgraphs: readonly StartableSubgraph[] = [
  { name: 'party', create: createParty, configure: readPartyConfig, usualPort: 8084 },
  { name: 'guild', create: createGuild, usualPort: 8007 },
  { name: 'group', create: createGroup, usualPort: 8085 },
];
