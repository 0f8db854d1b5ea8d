import { readFileSync } from 'node:fs'

export interface Counts {
  readonly passed: number
  readonly failed: number
  readonly skipped: number
  /** What failed and the beginning of why, for the end of the output, where it is looked for. */
  readonly failures: readonly string[]
}

interface VitestReport {
  readonly numPassedTests: number
  readonly numFailedTests: number
  readonly numPendingTests: number
  readonly numTodoTests: number
  readonly testResults: readonly VitestFile[]
}

interface VitestFile {
  /** The file's path. */
  readonly name: string
  readonly status: string
  readonly message?: string
  readonly assertionResults: readonly {
    readonly status: string
    readonly fullName: string
    readonly failureMessages?: readonly string[]
  }[]
}

interface PlaywrightReport {
  readonly stats: {
    readonly expected: number
    readonly unexpected: number
    readonly flaky: number
    readonly skipped: number
  }
  readonly errors: readonly PlaywrightError[]
  readonly suites?: readonly PlaywrightSuite[]
}

interface PlaywrightError {
  readonly message?: string
}

interface PlaywrightSuite {
  readonly title: string
  readonly suites?: readonly PlaywrightSuite[]
  readonly specs: readonly {
    readonly title: string
    readonly tests: readonly {
      readonly status: string
      readonly results: readonly { readonly errors?: readonly PlaywrightError[] }[]
    }[]
  }[]
}

const failureLines = 12
// biome-ignore lint/suspicious/noControlCharactersInRegex: the runners colour their messages
const colours = /\u001b\[[0-9;]*m/g

/** A name, and below it the first lines of why. */
export function failure(name: string, why: string | undefined): string {
  const lines = (why ?? '').replace(colours, '').trim().split('\n').slice(0, failureLines)
  return [name, ...lines.map((line) => `  ${line}`)].join('\n').trimEnd()
}

/** A file that does not load has no failed test, and counts as one. */
export function vitestCounts(report: VitestReport): Counts {
  const failures: string[] = []
  let brokenFiles = 0
  for (const file of report.testResults) {
    const failed = file.assertionResults.filter((test) => test.status === 'failed')
    failures.push(
      ...failed.map((test) => failure(`${file.name}: ${test.fullName}`, test.failureMessages?.join('\n'))),
    )
    if (file.status !== 'failed' || failed.length > 0) continue
    brokenFiles += 1
    failures.push(failure(file.name, file.message))
  }
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests + brokenFiles,
    skipped: report.numPendingTests + report.numTodoTests,
    failures,
  }
}

/** A test that passes only when tried again counts as failed. */
export function playwrightCounts(report: PlaywrightReport): Counts {
  const { expected, unexpected, flaky, skipped } = report.stats
  return {
    passed: expected,
    failed: unexpected + flaky + report.errors.length,
    skipped,
    failures: [
      ...report.errors.map(({ message }) => failure('Playwright', message)),
      ...(report.suites ?? []).flatMap((suite) => suiteFailures(suite, [])),
    ],
  }
}

function suiteFailures(suite: PlaywrightSuite, above: readonly string[]): readonly string[] {
  const path = [...above, suite.title]
  const own = suite.specs.flatMap((spec) =>
    spec.tests
      .filter(({ status }) => status === 'unexpected' || status === 'flaky')
      .map(({ results }) =>
        failure(
          [...path, spec.title].join(' › '),
          results.flatMap(({ errors }) => errors ?? []).find(({ message }) => message)?.message,
        ),
      ),
  )
  return [...own, ...(suite.suites ?? []).flatMap((inner) => suiteFailures(inner, path))]
}

/** What a runner's report says, set against its exit code: neither alone is believed. */
export function trustedCounts(counts: Counts | undefined, exitCode: number): Counts & { problem?: string } {
  if (!counts) {
    const problem = `no report was written, exit code ${exitCode}`
    return { passed: 0, failed: 1, skipped: 0, failures: [], problem }
  }
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
