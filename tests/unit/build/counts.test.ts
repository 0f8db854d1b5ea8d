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
    expect(vitest(5, 2)).toEqual({ passed: 5, failed: 2, skipped: 2 })
  })

  it('counts a file that does not load as one failure', () => {
    const broken = { status: 'failed', assertionResults: [] }
    const failing = { status: 'failed', assertionResults: [{ status: 'failed' }] }
    expect(vitest(5, 1, [broken, failing])).toMatchObject({ failed: 2 })
  })

  it('counts a test that passes only the second time as failed', () => {
    const stats = { expected: 3, unexpected: 1, flaky: 1, skipped: 2 }
    expect(playwrightCounts({ stats, errors: [] })).toEqual({ passed: 3, failed: 2, skipped: 2 })
    expect(playwrightCounts({ stats, errors: [{}] }).failed).toBe(3)
  })

  it('does not believe a report without failures when the runner failed', () => {
    expect(trustedCounts({ passed: 3, failed: 0, skipped: 0 }, 1)).toMatchObject({ passed: 3, failed: 1 })
  })

  it('fails when no test ran, or no report was written', () => {
    expect(trustedCounts({ passed: 0, failed: 0, skipped: 4 }, 0)).toMatchObject({
      failed: 1,
      problem: 'no test ran',
    })
    expect(trustedCounts(undefined, 0)).toMatchObject({ failed: 1 })
  })

  it('leaves a good run as it is', () => {
    expect(trustedCounts({ passed: 3, failed: 0, skipped: 0 }, 0)).toEqual({
      passed: 3,
      failed: 0,
      skipped: 0,
    })
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
