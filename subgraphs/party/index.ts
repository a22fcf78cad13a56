export { readPartyConfig } from './config.ts';
export { type PublishedDrop, publishedFields, verifyDrop } from './loot/verify.ts';
export { createSubgraph, type PartyDeps } from './server.ts';
