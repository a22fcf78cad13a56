// The arrows of the house, held by `pnpm check:arrows`. Type-only imports bind nothing at run time and are
// left out where a rule says `dependencyTypesNot: ['type-only']`.

const test = '\\.test\\.[jt]s$';
/** Tests, and what several tests of a package share. */
const testing = '\\.(test|fixture)\\.[jt]s$';
/** Dependencies of the root alone. */
const testTools = '/node_modules/(vitest|fast-check)/';
const subgraphFile = (names) => `^subgraphs/.+/(${names})\\.ts$`;
/** A subgraph's tables, by feature. */
const tables = '^subgraphs/[^/]+/tables/';

module.exports = {
  forbidden: [
    {
      name: 'no-circular',
      comment: 'Modules that need each other to load are one module in two files.',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'no-unresolvable',
      comment: 'What is imported must be a file here, or in the dependencies of this package.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
    {
      name: 'no-undeclared-dependency',
      comment:
        'A package imports only what its own package.json has under dependencies. Tests also have the test tools.',
      severity: 'error',
      from: {},
      to: {
        dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'],
        pathNot: testTools,
      },
    },
    {
      name: 'test-tools-in-tests',
      comment: 'Only tests and what serves them import the test tools.',
      severity: 'error',
      from: { pathNot: [testing, '^test/', '^vitest.config.ts$'] },
      to: { path: testTools },
    },
    {
      name: 'packages-by-name',
      comment:
        'Another package is imported by its name, so that package.json knows and its index.ts decides.',
      severity: 'error',
      from: { path: '^(lib/[^/]+|subgraphs/[^/]+|[^/]+)/', pathNot: testing },
      to: { dependencyTypes: ['local'], pathNot: '^$1/' },
    },
    {
      name: 'no-import-of-tests',
      comment: 'A test serves nobody; what two tests share is a file of its own.',
      severity: 'error',
      from: {},
      to: { path: test },
    },
    {
      name: 'lib-knows-no-domain',
      comment: 'lib/ is what a subgraph, the gateway and start stand on.',
      severity: 'error',
      from: { path: '^lib/' },
      to: { path: '^(subgraphs|gateway|start|demo|schema|drizzle)/' },
    },
    {
      name: 'subgraphs-stand-alone',
      comment: 'A subgraph talks to others by events and the graph, and does not know who serves it.',
      severity: 'error',
      from: { path: '^subgraphs/([^/]+)/' },
      to: { path: '^(subgraphs|gateway|start|demo)/', pathNot: '^subgraphs/$1/' },
    },
    {
      name: 'gateway-knows-no-subgraph',
      comment: 'The gateway is given its subgraphs.',
      severity: 'error',
      from: { path: '^gateway/' },
      to: { path: '^(subgraphs|start|demo)/' },
    },
    {
      name: 'test-kit-in-tests',
      comment: 'What runs does not import what tests it.',
      severity: 'error',
      from: { path: '^(lib|subgraphs|gateway|start|demo|schema|drizzle)/', pathNot: testing },
      to: { path: '^test/' },
    },
    {
      name: 'rules-are-pure',
      comment: 'rules.ts: (state, command, now, random) to decision or failure. Only types, and other rules.',
      severity: 'error',
      from: { path: subgraphFile('rules') },
      to: { pathNot: subgraphFile('rules'), dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'arrows-inward',
      comment: 'resolvers -> actions -> rules, queries, events; never back.',
      severity: 'error',
      from: { path: [subgraphFile('queries|events|rules'), tables] },
      to: { path: subgraphFile('resolvers|actions') },
    },
    {
      name: 'actions-know-no-graphql',
      comment: 'An action does not know who calls it.',
      severity: 'error',
      from: { path: subgraphFile('actions') },
      to: { path: subgraphFile('resolvers') },
    },
    {
      name: 'resolvers-have-no-sql',
      comment: 'GraphQL to one action or loader and back.',
      severity: 'error',
      from: { path: subgraphFile('resolvers') },
      to: {
        path: [tables, '/node_modules/(drizzle-orm|postgres)/'],
        dependencyTypesNot: ['type-only'],
      },
    },
    {
      name: 'resolvers-have-no-rules',
      comment: 'GraphQL to one action or loader and back.',
      severity: 'error',
      from: { path: subgraphFile('resolvers') },
      to: { path: subgraphFile('rules'), dependencyTypesNot: ['type-only'] },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    // A package of its own, installed by `pnpm bench` alone.
    exclude: { path: '^test/bench/peers/' },
    // Tells `import type` apart from `import`.
    tsPreCompilationDeps: true,
    // The test tools are dependencies of the root only.
    combinedDependencies: true,
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default'] },
  },
};
