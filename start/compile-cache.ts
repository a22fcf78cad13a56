import { enableCompileCache } from 'node:module';
import { join } from 'node:path';

/** Where what modules are compiled to is kept for the next start, unless NODE_COMPILE_CACHE says otherwise. */
export const compiledDirectory = join(import.meta.dirname, '../node_modules/.cache/node');

/**
 * Measured, to the first answer: 0.85 of the time in one process, 0.79 in five. To be called before the modules are
 * loaded that are to be kept. Where the directory can't be written to, nothing is.
 */
export const keepCompiled = () => enableCompileCache(compiledDirectory);
