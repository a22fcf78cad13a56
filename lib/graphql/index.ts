export { many, one } from './batch.ts';
export { idOf } from './ids.ts';
export { loadTypeDefs } from './type-defs.ts';
