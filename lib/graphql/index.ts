export { many, one } from './batch.ts';
export { GraphQLBigInt } from './big-int.ts';
export { idOf } from './ids.ts';
export { loadTypeDefs } from './type-defs.ts';
