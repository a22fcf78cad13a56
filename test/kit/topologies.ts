import type { Topology } from '@fellowship/start';

const asked = process.env['E2E_TOPOLOGIES']?.split(',') as readonly Topology[] | undefined;

/** What end-to-end tests run in. `pnpm test:cluster` asks for the third, whose eight processes take their time. */
export const topologies: readonly Topology[] = asked ?? ['process', 'services'];
