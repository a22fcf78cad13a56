import { runSubgraph } from '@fellowship/subgraph';
import { createSubgraph } from './server.ts';

await runSubgraph('guild', createSubgraph);
