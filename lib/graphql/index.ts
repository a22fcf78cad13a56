export { many, one } from './batch.ts';
export { GraphQLBigInt } from './big-int.ts';
export { columnsAsked, type Resolved, rememberColumns } from './columns-asked.ts';
export { idOf } from './ids.ts';
export { defineLoaders, type Makers } from './loaders.ts';
export { onceByVariables } from './once-by-variables.ts';
export { PrimedLoader } from './primed-loader.ts';
export { Result } from './result.ts';
export { loadTypeDefs } from './type-defs.ts';
