export { type BaseContext, createContext } from './context.ts';
export { mutationHandler } from './mutation-handler.ts';
export { runSubgraph } from './run.ts';
export { createSchema } from './schema.ts';
export { requireScope } from './scopes.ts';
export { openStore, type Store, type StoreShape, type SubgraphDeps } from './store.ts';
export { readDatabaseTimeouts } from './timeouts.ts';
