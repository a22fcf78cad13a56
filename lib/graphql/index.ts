export { many, one } from './batch.ts';
export { GraphQLBigInt } from './big-int.ts';
export { booleanVariables } from './boolean-variables.ts';
export { idOf } from './ids.ts';
export { Loader } from './loader.ts';
export { Result } from './result.ts';
export { loadTypeDefs } from './type-defs.ts';
