/**
 * Puts real ids where an example says `MY_PARTY` and the like, so that it runs as it is.
 *
 * @typedef {import('./fetcher.js').Operation} Operation
 *
 * @param {Operation} operation
 * @param {Record<string, import('../page.ts').StandIn>} standIns
 * @param {(query: string) => Promise<unknown>} ask runs a query as the reader
 * @returns {Promise<Operation>}
 */
export async function replaceStandIns(operation, standIns, ask) {
  let { query } = operation;
  let variables = JSON.stringify(operation.variables ?? {});
  for (const [name, { query: lookup, missing }] of Object.entries(standIns)) {
    const quoted = JSON.stringify(name);
    if (!query.includes(quoted) && !variables.includes(quoted)) continue;
    const id = onlyLeaf(await ask(lookup));
    if (typeof id !== 'string') throw new Error(missing);
    query = query.replaceAll(quoted, JSON.stringify(id));
    variables = variables.replaceAll(quoted, JSON.stringify(id));
  }
  return { ...operation, query, variables: JSON.parse(variables) };
}

/** @param {unknown} result such as `{ data: { me: { id: '…' } } }` @returns {unknown} */
function onlyLeaf(result) {
  let value = result;
  while (value !== null && typeof value === 'object') value = Object.values(value)[0];
  return value;
}
