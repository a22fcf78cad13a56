import { pgSchema } from 'drizzle-orm/pg-core';

/** What the group subgraph owns. Every key leads with the tenant; row level security adds it to every read. */
export const socialGroup = pgSchema('social_group');
