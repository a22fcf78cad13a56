// `pnpm start:cluster`: two gateways and two of each subgraph, on one database.
import { run } from './run.ts';

await run('cluster');
