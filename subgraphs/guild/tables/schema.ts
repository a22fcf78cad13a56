import { pgSchema } from 'drizzle-orm/pg-core';

/** What the guild subgraph owns. Every key leads with the tenant; row level security adds it to every read. */
export const guild = pgSchema('guild');
