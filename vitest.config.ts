import { configDefaults, defineConfig } from 'vitest/config';
import type { Reporter, TestModule } from 'vitest/node';

const integrationTests = '**/*.integration.test.ts';
const endToEndTests = 'test/e2e/**/*.test.ts';
const conformanceTests = 'test/conformance/**/*.test.ts';
const globalSetup = 'test/kit/global-setup.ts';

/**
 * How long, in milliseconds, before what has not come counts as never coming. Not what a test should take: with ten
 * processes at two cores, a stack took 70 s to start and stop.
 */
const patience = {
  testTimeout: 180_000,
  hookTimeout: 180_000,
  expect: { poll: { timeout: 60_000, interval: 20 } },
};

/** Ends the output with the count that CI reads. What broke outside a test, such as a hook, is a failure. */
const count: Reporter = {
  onTestRunEnd(modules, unhandledErrors) {
    const tests = modules.flatMap((module) => [...module.children.allTests()]);
    const passed = tests.filter((test) => test.result().state === 'passed');
    const failed = tests.filter((test) => test.result().state === 'failed');
    const broken = modules.filter((module) => module.state() === 'failed' && !hasFailedTest(module));
    console.log(`${passed.length} passed, ${failed.length + broken.length + unhandledErrors.length} failed`);
  },
};

function hasFailedTest(module: TestModule): boolean {
  return !module.children.allTests('failed').next().done;
}

export default defineConfig({
  // graphql's `main` is `index`: Node reads index.js, Vite by itself index.mjs, and then it is loaded twice.
  resolve: { extensions: ['.js', '.mjs', '.json'] },
  test: {
    reporters: ['default', count],
    // Vitest leaves one core free; on two cores that is half of them.
    maxWorkers: '100%',
    // Every file loads what it tests: with a process for each, that was half of all the computing.
    isolate: false,
    ...patience,
    env: { APOLLO_TELEMETRY_DISABLED: 'true', LOG_LEVEL: 'silent' },
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          // Plain JavaScript: what the explorer runs in the browser.
          include: ['**/*.test.ts', 'gateway/explorer/page/*.test.js'],
          exclude: [...configDefaults.exclude, integrationTests, endToEndTests, conformanceTests],
        },
      },
      {
        extends: true,
        test: {
          name: 'integration',
          include: [integrationTests],
          globalSetup,
        },
      },
      {
        extends: true,
        test: {
          name: 'conformance',
          include: [conformanceTests],
          globalSetup,
        },
      },
      {
        extends: true,
        test: {
          name: 'e2e',
          include: [endToEndTests],
          globalSetup: 'test/kit/shared-stack.ts',
        },
      },
    ],
  },
});
