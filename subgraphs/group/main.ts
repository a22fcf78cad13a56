import { openRates } from '@fellowship/rate-limit';
import { runSubgraph } from '@fellowship/subgraph';
import { readInvitationConfig } from './codes/config.ts';
import { createSubgraph } from './server.ts';

await runSubgraph('group', async (deps, { rateDatabase }) => {
  const config = readInvitationConfig(process.env);
  const rates = await openRates(rateDatabase, deps.log);
  const subgraph = await createSubgraph({ ...deps, ...config, rates });
  const close = async () => {
    await subgraph.close();
    await rates.close();
  };
  return { ...subgraph, close };
});
