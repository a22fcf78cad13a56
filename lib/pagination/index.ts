export { type Connection, connection } from './connection.ts';
export {
  encode,
  type KeyPart,
  momentKey,
  type Page,
  type PageArguments,
  pageOf,
  pageSize,
  uuidKey,
} from './page.ts';
export { paged } from './paged.ts';
