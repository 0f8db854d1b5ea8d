import { describe, expect, it } from 'vitest'
import { afterReinvite, type RecoveryAttempt } from '#shared/calls/recovery.ts'

const tried: RecoveryAttempt = { attempt: 1, withIceRestart: true, ownsCallId: false, jitter: 0.5 }
const rejected = (status: number, retryAfterMs?: number) =>
  ({ name: 'rejected', status, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) }) as const

describe('recovering a call', () => {
  it('is done when the far end takes the re-INVITE', () => {
    expect(afterReinvite({ name: 'accepted' }, tried)).toEqual({ name: 'recovered' })
  })

  it.each([481, 408])('ends the call when the far end answers %i', (status) => {
    expect(afterReinvite(rejected(status), tried)).toEqual({ name: 'gone', status })
  })

  it('never ends the call because nobody answered', () => {
    for (let attempt = 1; attempt < 50; attempt += 1) {
      expect(afterReinvite({ name: 'unanswered' }, { ...tried, attempt }).name).toBe('retry')
    }
  })

  it('waits out glare as RFC 3261 section 14.1 says, longer when the Call-ID is ours', () => {
    expect(afterReinvite(rejected(491), tried)).toMatchObject({ name: 'retry', afterMs: 1_000 })
    expect(afterReinvite(rejected(491), { ...tried, ownsCallId: true })).toMatchObject({ afterMs: 3_050 })
  })

  it('tries a plain re-INVITE at once when the far end cannot restart ICE', () => {
    const step = afterReinvite(rejected(488), tried)
    expect(step).toEqual({ name: 'retry', afterMs: 0, withIceRestart: false })
    expect(afterReinvite(rejected(488), { ...tried, withIceRestart: false })).toMatchObject({
      name: 'retry',
      withIceRestart: false,
    })
  })

  it('never lets two people wait longer than a second for the next try', () => {
    for (let attempt = 1; attempt < 20; attempt += 1) {
      for (const outcome of [{ name: 'unanswered' } as const, rejected(500)]) {
        const step = afterReinvite(outcome, { ...tried, attempt, jitter: 0.999 })
        expect(step.name === 'retry' && step.afterMs).toBeLessThanOrEqual(1_000)
      }
    }
  })

  it('waits at least as long as a busy server asks for', () => {
    expect(afterReinvite(rejected(503, 5_000), tried)).toMatchObject({ name: 'retry', afterMs: 5_000 })
  })
})
