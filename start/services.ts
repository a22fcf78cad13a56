// `pnpm start:services`: the gateway and each subgraph in a process of its own.
import { run } from './run.ts';

await run('services');
