import { describe, expect, it } from 'vitest'
import { type ReadinessFacts, readinessProblems } from '#shared/calls/readiness.ts'

const allWell: ReadinessFacts = {
  registration: { name: 'registered', since: 0 },
  microphone: { name: 'live', label: 'Headset' },
  council: 'reachable',
  check: 'green',
}
const waiting = { name: 'waiting', attempt: 1, since: 0, nextTryAt: 9, reason: 'no-answer' } as const

describe('readiness', () => {
  it('has no problem when registered with a live microphone and a council that answers', () => {
    expect(readinessProblems(allWell)).toEqual([])
  })

  it('does not wait for the first word about the council', () => {
    expect(readinessProblems({ ...allWell, council: 'unknown' })).toEqual([])
  })

  it('is off while the desk is locked', () => {
    expect(readinessProblems({ ...allWell, locked: true })).toEqual(['desk-locked'])
  })

  it('names every problem that holds at once', () => {
    expect(
      readinessProblems({
        registration: waiting,
        microphone: { name: 'denied' },
        council: 'unreachable',
        check: 'failed',
      }),
    ).toEqual(['connection-lost', 'microphone-denied', 'council-unreachable'])
  })

  it.each([
    ['running', ['check-running']],
    ['failed', ['check-failed']],
    ['green', []],
  ] as const)('takes a check that is %s as %j when nothing plainer holds', (check, problems) => {
    expect(readinessProblems({ ...allWell, check })).toEqual(problems)
  })

  it.each([
    [{ name: 'off', reason: 'starting' } as const, 'not-registered'],
    [{ name: 'connecting', attempt: 0, since: 0 } as const, 'not-registered'],
    [{ name: 'connecting', attempt: 3, since: 0 } as const, 'connection-lost'],
    [waiting, 'connection-lost'],
    [{ name: 'refused', status: 403, since: 0 } as const, 'registration-refused'],
  ])('takes registration %j as %s', (registration, problem) => {
    expect(readinessProblems({ ...allWell, registration })).toEqual([problem])
  })

  it.each([
    [{ name: 'unknown' } as const, 'microphone-unknown'],
    [{ name: 'absent' } as const, 'microphone-absent'],
    [{ name: 'failed', detail: 'NotReadableError' } as const, 'microphone-failed'],
  ])('takes microphone %j as %s', (microphone, problem) => {
    expect(readinessProblems({ ...allWell, microphone })).toEqual([problem])
  })
})
