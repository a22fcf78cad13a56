import { runSubgraph } from '@fellowship/subgraph';
import { readPartyConfig } from './config.ts';
import { createSubgraph } from './server.ts';

await runSubgraph('party', (deps) => createSubgraph({ ...deps, ...readPartyConfig(process.env) }));
