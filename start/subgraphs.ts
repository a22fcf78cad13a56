import { createSubgraph as createGroup, readInvitationConfig } from '@fellowship/group';
import { createSubgraph as createGuild } from '@fellowship/guild';
import { createSubgraph as createParty, readPartyConfig } from '@fellowship/party';
import type { RateStore } from '@fellowship/rate-limit';
import type { Subgraph, SubgraphName } from '@fellowship/server';

type SubgraphDeps = Parameters<typeof createParty>[0];

/** What a subgraph in the gateway's process learns of it. */
export interface Surroundings {
  readonly environment: NodeJS.ProcessEnv;
  /** Where the gateway is served. Asked when a link is made: it is known once the gateway listens. */
  readonly gatewayUrl: () => string;
  /** Where wrong guesses are counted. */
  readonly rates: RateStore;
}

export interface StartableSubgraph {
  readonly name: SubgraphName;
  /** Makes it in this process; as one of its own it reads its environment itself. */
  readonly create: (deps: SubgraphDeps, surroundings: Surroundings) => Promise<Subgraph>;
  /** The port it listens on as a process of its own, where it is free. */
  readonly usualPort: number;
}

/** What a stack is made of, besides the gateway. */
export const subgraphs: readonly StartableSubgraph[] = [
  {
    name: 'party',
    create: (deps, { environment }) => createParty({ ...deps, ...readPartyConfig(environment) }),
    usualPort: 8084,
  },
  { name: 'guild', create: createGuild, usualPort: 8007 },
  {
    name: 'group',
    create: (deps, { environment, gatewayUrl, rates }) =>
      createGroup({ ...deps, gatewayUrl, rates, ...readInvitationConfig(environment) }),
    usualPort: 8085,
  },
];
