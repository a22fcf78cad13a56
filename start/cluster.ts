// `pnpm start:cluster`: two gateways and two of each subgraph, on one database.
import { keepCompiled } from './compile-cache.ts';

keepCompiled();
const { run } = await import('./run.ts');
await run('cluster');
