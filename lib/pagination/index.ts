export { type Connection, connection } from './connection.ts';
export { encode, momentKey, type Page, type PageArguments, pageOf, pageSize, uuidKey } from './page.ts';
