// `pnpm start`: everything in one process.
import { run } from './run.ts';

await run('process');
