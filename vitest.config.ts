import { createRequire } from 'node:module'
import { defineConfig } from 'vitest/config'

// Deadlines, not expectations: deeper runs make more rounds in a test, and machines differ.
const slack = (process.env.WILD_TEST_DEPTH ?? 'quick') === 'quick' ? 1 : 3

const require = createRequire(new URL('./server/package.json', import.meta.url))

export default defineConfig({
  // One copy of graphql, or "another realm" meets every type check.
  resolve: { alias: [{ find: /^graphql$/, replacement: require.resolve('graphql') }] },
  test: {
    include: [
      'server/src/**/*.test.ts',
      'cli/src/**/*.test.ts',
      'lab/**/*.test.ts',
      'catalog/**/*.test.ts',
      'web/src/**/*.test.ts',
      'test/**/*.test.ts',
    ],
    exclude: ['**/node_modules/**', '**/dist/**'],
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 180_000 * slack,
    hookTimeout: 180_000 * slack,
    teardownTimeout: 15_000,
  },
})
