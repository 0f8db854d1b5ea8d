import { join } from 'node:path'
import { defineConfig } from '@playwright/test'

const root = join(import.meta.dirname, '../..')

export default defineConfig({
  testDir: join(root, 'tests/e2e'),
  testMatch: '**/*.spec.ts',
  // The app owns microphone, ports and windows as on a desk: one at a time.
  workers: 1,
  fullyParallel: false,
  retries: 0,
  forbidOnly: Boolean(process.env.CI),
  timeout: 60_000,
  globalTimeout: 40 * 60_000,
  expect: { timeout: 10_000 },
  outputDir: join(root, 'out/test/e2e'),
  reporter: [
    ['list'],
    ['json', { outputFile: process.env.ADVISER_DESKTOP_TEST_REPORT ?? join(root, 'out/test/e2e.json') }],
  ],
  use: { trace: 'retain-on-failure', video: 'off' },
})
