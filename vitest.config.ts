import { availableParallelism } from 'node:os';
import { configDefaults, defineConfig } from 'vitest/config';

const LONG = '**/*.long.test.ts';
const long = process.env.KILAS_TESTS === 'long';
const folders = '{packages,services,apps,scripts,tests,bench}';

export default defineConfig({
  test: {
    environment: 'node',
    include: [long ? `${folders}/${LONG}` : `${folders}/**/*.test.ts`],
    exclude: [...configDefaults.exclude, ...(long ? [] : [LONG])],
    reporters: ['default', './scripts/summary-reporter.ts'],
    globalSetup: ['packages/testkit/src/global-setup.ts'],
    pool: 'forks',
    // Vitest would leave one of two cores to itself. A test file waits for PostgreSQL about as long as it computes, so two
    // files fill two cores; more than cores would only turn waiting into timeouts. The one PostgreSQL of the run sets the upper end.
    maxWorkers: Math.min(8, Math.max(2, availableParallelism())),
    // Limits against hanging, far from what anything takes on a quiet machine.
    testTimeout: long ? 600_000 : 60_000,
    hookTimeout: 60_000,
  },
});
