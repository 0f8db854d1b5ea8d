import { readFileSync } from 'node:fs'

export interface Counts {
  readonly passed: number
  readonly failed: number
  readonly skipped: number
}

interface VitestReport {
  readonly numPassedTests: number
  readonly numFailedTests: number
  readonly numPendingTests: number
  readonly numTodoTests: number
  readonly testResults: readonly {
    readonly status: string
    readonly assertionResults: readonly { readonly status: string }[]
  }[]
}

interface PlaywrightReport {
  readonly stats: {
    readonly expected: number
    readonly unexpected: number
    readonly flaky: number
    readonly skipped: number
  }
  readonly errors: readonly unknown[]
}

/** A file that does not load has no failed test, and counts as one. */
export function vitestCounts(report: VitestReport): Counts {
  const brokenFiles = report.testResults.filter(
    (file) => file.status === 'failed' && !file.assertionResults.some((test) => test.status === 'failed'),
  )
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests + brokenFiles.length,
    skipped: report.numPendingTests + report.numTodoTests,
  }
}

/** A test that passes only when tried again counts as failed. */
export function playwrightCounts(report: PlaywrightReport): Counts {
  const { expected, unexpected, flaky, skipped } = report.stats
  return { passed: expected, failed: unexpected + flaky + report.errors.length, skipped }
}

/** What a runner's report says, set against its exit code: neither alone is believed. */
export function trustedCounts(counts: Counts | undefined, exitCode: number): Counts & { problem?: string } {
  if (!counts)
    return { passed: 0, failed: 1, skipped: 0, problem: `no report was written, exit code ${exitCode}` }
  if (counts.failed === 0 && exitCode !== 0) {
    return { ...counts, failed: 1, problem: `no test failed, and yet the exit code is ${exitCode}` }
  }
  if (counts.passed + counts.failed === 0) return { ...counts, failed: 1, problem: 'no test ran' }
  return counts
}

function readReport<T>(file: string): T | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as T
  } catch {
    return undefined
  }
}

export const readVitestCounts = (file: string): Counts | undefined => {
  const report = readReport<VitestReport>(file)
  return report && vitestCounts(report)
}

export const readPlaywrightCounts = (file: string): Counts | undefined => {
  const report = readReport<PlaywrightReport>(file)
  return report && playwrightCounts(report)
}
