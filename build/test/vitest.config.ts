import { join } from 'node:path'
import { defineConfig } from 'vitest/config'

// Calls with sound in real time.
const telephone = ['phone', 'media', 'switchboard'].map((name) => `tests/contract/${name}/**/*.test.ts`)

const root = join(import.meta.dirname, '../..')

export default defineConfig({
  root,
  test: {
    environment: 'node',
    // Two cores, and suites that start browsers and databases of their own.
    maxWorkers: 2,
    hookTimeout: 60_000,
    // Without it the electron package would try to download its binary when a test loads a module that imports it.
    env: { ELECTRON_OVERRIDE_DIST_PATH: join(root, 'build/standin') },
    projects: [
      {
        extends: true,
        test: { name: 'unit', include: ['tests/unit/**/*.test.{ts,tsx}'], testTimeout: 20_000 },
      },
      {
        extends: true,
        test: {
          name: 'contract',
          include: ['tests/contract/**/*.test.{ts,tsx}'],
          exclude: ['tests/contract/standin/**', 'tests/contract/council/**', ...telephone],
          testTimeout: 30_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'council',
          include: ['tests/contract/council/**/*.test.ts'],
          globalSetup: 'tests/contract/council/postgres.setup.ts',
          testTimeout: 30_000,
          // The first file of each database seeds it for the others.
          hookTimeout: 240_000,
        },
      },
      {
        extends: true,
        test: { name: 'telephone', include: telephone, testTimeout: 30_000 },
      },
      {
        extends: true,
        test: {
          name: 'standin',
          include: ['tests/contract/standin/**/*.test.ts'],
          testTimeout: 60_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'simulation',
          include: ['tests/simulation/**/*.test.ts'],
          testTimeout: 120_000,
        },
      },
      {
        extends: true,
        test: { name: 'interop', include: ['tests/interop/**/*.test.ts'], testTimeout: 30_000 },
      },
    ],
  },
})
