export { createSubgraph } from './server.ts';
