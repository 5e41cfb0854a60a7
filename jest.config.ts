/** @jest-config-loader esbuild-register */
import type { Config } from 'jest'

/**
 * `*.test.ts` needs nothing; `*.integration.test.ts` needs a real PostgreSQL and is left out, saying so, when there is none.
 * Own sources run through swc; other packages are taken from their `dist`, as a user of theirs would.
 */
const shared: Config = {
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '^.+\\.ts$': ['@swc/jest', { jsc: { target: 'es2022', parser: { syntax: 'typescript' } }, module: { type: 'es6' } }],
  },
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': ['$1.ts', '$1.js'] },
  testPathIgnorePatterns: ['/node_modules/', '/dist/'],
  modulePathIgnorePatterns: ['/dist/'],
}

const config: Config = {
  projects: [
    {
      ...shared,
      displayName: 'unit',
      testMatch: ['<rootDir>/{packages,adapters,examples,bench,test}/**/*.test.ts'],
      testPathIgnorePatterns: ['/node_modules/', '/dist/', '\\.integration\\.test\\.ts$'],
    },
    {
      ...shared,
      displayName: 'integration',
      testMatch: ['<rootDir>/{packages,adapters,examples,bench,test}/**/*.integration.test.ts'],
    },
  ],
  testTimeout: 30_000,
  // A worker keeps what its test files have loaded; one that has grown large is replaced.
  maxWorkers: 2,
  workerIdleMemoryLimit: '1GB',
  globalSetup: '<rootDir>/test/global-setup.js',
  reporters: ['default', '<rootDir>/test/what-ran-reporter.js'],
}

export default config
