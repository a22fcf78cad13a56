// `pnpm start:services`: the gateway and each subgraph in a process of its own.
import { keepCompiled } from './compile-cache.ts';

keepCompiled();
const { run } = await import('./run.ts');
await run('services');
