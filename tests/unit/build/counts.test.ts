import { describe, expect, it } from 'vitest'
import { readTestArguments } from '#build/test/arguments.ts'
import { playwrightCounts, trustedCounts, vitestCounts } from '#build/test/counts.ts'
import { parts } from '#build/test/parts.ts'

const vitest = (numPassedTests: number, numFailedTests: number, testResults: unknown[] = []) =>
  vitestCounts({
    numPassedTests,
    numFailedTests,
    numPendingTests: 1,
    numTodoTests: 1,
    testResults,
  } as Parameters<typeof vitestCounts>[0])

describe('counting tests', () => {
  it('adds up what Vitest reports', () => {
    expect(vitest(5, 2)).toMatchObject({ passed: 5, failed: 2, skipped: 2 })
  })

  it('counts a file that does not load as one failure', () => {
    const broken = { name: 'b.test.ts', status: 'failed', message: 'Cannot find it', assertionResults: [] }
    const failed = { status: 'failed', fullName: 'adds up', failureMessages: ['expected 1\nto be 2'] }
    const failing = { name: 'f.test.ts', status: 'failed', assertionResults: [failed] }
    expect(vitest(5, 1, [broken, failing])).toMatchObject({
      failed: 2,
      failures: ['b.test.ts\n  Cannot find it', 'f.test.ts: adds up\n  expected 1\n  to be 2'],
    })
  })

  it('counts a test that passes only the second time as failed', () => {
    const stats = { expected: 3, unexpected: 1, flaky: 1, skipped: 2 }
    expect(playwrightCounts({ stats, errors: [] })).toMatchObject({ passed: 3, failed: 2, skipped: 2 })
    expect(playwrightCounts({ stats, errors: [{}] }).failed).toBe(3)
  })

  it('says which test failed, and how it began', () => {
    const stats = { expected: 1, unexpected: 1, flaky: 0, skipped: 0 }
    const results = [{ errors: [{ message: '\u001b[31mnot visible\u001b[39m' }] }]
    const specs = [
      { title: 'opens', tests: [{ status: 'unexpected', results }] },
      { title: 'closes', tests: [{ status: 'expected', results: [{}] }] },
    ]
    const suites = [{ title: 'a.spec.ts', specs: [], suites: [{ title: 'a page', specs }] }]
    expect(playwrightCounts({ stats, errors: [], suites }).failures).toEqual([
      'a.spec.ts › a page › opens\n  not visible',
    ])
  })

  it('does not believe a report without failures when the runner failed', () => {
    expect(trustedCounts({ passed: 3, failed: 0, skipped: 0, failures: [] }, 1)).toMatchObject({
      passed: 3,
      failed: 1,
    })
  })

  it('fails when no test ran, or no report was written', () => {
    expect(trustedCounts({ passed: 0, failed: 0, skipped: 4, failures: [] }, 0)).toMatchObject({
      failed: 1,
      problem: 'no test ran',
    })
    expect(trustedCounts(undefined, 0)).toMatchObject({ failed: 1 })
  })

  it('leaves a good run as it is', () => {
    const counts = { passed: 3, failed: 0, skipped: 0, failures: [] }
    expect(trustedCounts(counts, 0)).toEqual(counts)
  })
})

describe('the arguments of npm test', () => {
  const names = (args: string[]) => {
    const read = readTestArguments(args, parts)
    return read.ok
      ? { parts: read.value.parts.map(({ name }) => name), passedOn: read.value.passedOn }
      : read.error
  }

  it('mean every part when there are none', () => {
    expect(names([])).toEqual({ parts: parts.map(({ name }) => name), passedOn: [] })
  })

  it('name the parts to run, in the usual order', () => {
    expect(names(['contract', 'unit'])).toEqual({ parts: ['unit', 'contract'], passedOn: [] })
  })

  it('pass on what follows a second --', () => {
    expect(names(['unit', '--', '-t', 'outbox'])).toEqual({ parts: ['unit'], passedOn: ['-t', 'outbox'] })
  })

  it('are refused when a part does not exist', () => {
    expect(names(['units'])).toContain('No part is called "units"')
  })
})
