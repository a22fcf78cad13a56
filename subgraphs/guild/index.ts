export { createSubgraph, type GuildDeps } from './server.ts';
