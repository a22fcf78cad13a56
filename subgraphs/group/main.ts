import { runSubgraph } from '@fellowship/subgraph';
import { readInvitationConfig } from './codes/config.ts';
import { createSubgraph } from './server.ts';

await runSubgraph('group', (deps) => createSubgraph({ ...deps, ...readInvitationConfig(process.env) }));
