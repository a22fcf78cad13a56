import { customType } from 'drizzle-orm/pg-core';

/** Text in the order of its bytes whatever the database's locale, so that a prefix is a range of an index. */
export const bytewise = customType<{ data: string }>({ dataType: () => 'text collate "C"' });
