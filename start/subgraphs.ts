import { createSubgraph as createGroup } from '@fellowship/group';
import { createSubgraph as createGuild } from '@fellowship/guild';
import { createSubgraph as createParty } from '@fellowship/party';
import type { SubgraphName } from '@fellowship/server';

export interface StartableSubgraph {
  readonly name: SubgraphName;
  readonly create: typeof createParty;
  /** The port it listens on as a process of its own, where it is free. */
  readonly usualPort: number;
}

/** What a stack is made of, besides the gateway. */
export const subgraphs: readonly StartableSubgraph[] = [
  { name: 'party', create: createParty, usualPort: 8084 },
  { name: 'guild', create: createGuild, usualPort: 8007 },
  { name: 'group', create: createGroup, usualPort: 8085 },
];
