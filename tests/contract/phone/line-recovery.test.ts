import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { browserClock } from '#renderer/phone/browser-ports.ts'
import { createLineRecovery, type LineRecovery } from '#renderer/platform/sip/line-recovery.ts'
import { giveUpAfterMs, type ReinviteOutcome } from '#shared/calls/recovery.ts'

let recovery: LineRecovery
let heard: boolean
let settle: (outcome: ReinviteOutcome) => void
const said: string[] = []
const offers: boolean[] = []

beforeEach(() => {
  vi.useFakeTimers()
  heard = false
  said.length = 0
  offers.length = 0
  recovery = createLineRecovery({
    clock: browserClock,
    random: { next: () => 0.5, uuid: () => '' },
    ownsCallId: false,
    reinvite(iceRestart) {
      offers.push(iceRestart)
      return new Promise((resolve) => {
        settle = resolve
      })
    },
    started: () => said.push('started'),
    recovered: () => said.push('recovered'),
    gone: (status) => said.push(`gone ${status}`),
    heard: () => heard,
    hearsNow: async () => heard,
  })
})
afterEach(() => {
  recovery.stop()
  vi.useRealTimers()
})

const answered = async (outcome: ReinviteOutcome) => {
  settle(outcome)
  await vi.advanceTimersByTimeAsync(0)
}

describe('the recovery of one call', () => {
  it('gives up two minutes after the loss when nothing is heard any more', async () => {
    recovery.connectionLost()
    await vi.advanceTimersByTimeAsync(giveUpAfterMs - 1)
    expect(said).toEqual([])
    await vi.advanceTimersByTimeAsync(1)
    expect(said).toEqual(['gone undefined'])
  })

  it('does not cut off two people who still hear each other', async () => {
    heard = true
    recovery.connectionLost()
    await vi.advanceTimersByTimeAsync(3 * giveUpAfterMs)
    expect(said).toEqual([])
    heard = false
    await vi.advanceTimersByTimeAsync(giveUpAfterMs)
    expect(said).toEqual(['gone undefined'])
  })

  it('goes on from a refused ICE restart with a plain re-INVITE', async () => {
    recovery.connectionLost()
    recovery.connectionRestored()
    await answered({ name: 'rejected', status: 488 })
    await answered({ name: 'accepted' })
    expect(offers).toEqual([true, false])
    expect(said).toEqual(['started', 'started', 'recovered'])
    await vi.advanceTimersByTimeAsync(2 * giveUpAfterMs)
    expect(said).toHaveLength(3)
  })

  it('lets an answer from before the next loss mean nothing', async () => {
    recovery.connectionLost()
    recovery.connectionRestored()
    const late = settle
    recovery.connectionLost()
    late({ name: 'rejected', status: 481 })
    await vi.advanceTimersByTimeAsync(10_000)
    expect(said).toEqual(['started'])
    recovery.connectionRestored()
    await answered({ name: 'accepted' })
    expect(said.at(-1)).toBe('recovered')
  })

  it('restarts ICE when the media path broke under a connection that holds', async () => {
    recovery.mediaPath('disconnected')
    await vi.advanceTimersByTimeAsync(2_000)
    recovery.mediaPath('connected')
    await vi.advanceTimersByTimeAsync(5_000)
    expect(offers).toEqual([])
    recovery.mediaPath('failed')
    await vi.advanceTimersByTimeAsync(0)
    expect(offers).toEqual([true])
  })

  it('looks for another path when the one agreed on has not come up two seconds later', async () => {
    recovery.connectionLost()
    recovery.mediaPath('disconnected')
    recovery.connectionRestored()
    await answered({ name: 'accepted' })
    expect(offers).toEqual([true])
    await vi.advanceTimersByTimeAsync(1_999)
    expect(offers).toEqual([true])
    await vi.advanceTimersByTimeAsync(1)
    expect(offers).toEqual([true, true])
    await answered({ name: 'accepted' })
    recovery.mediaPath('connected')
    await vi.advanceTimersByTimeAsync(60_000)
    expect(offers).toEqual([true, true])
  })

  it('tells the far end of addresses that were found only after the restart', async () => {
    recovery.connectionLost()
    recovery.connectionRestored()
    await answered({ name: 'accepted' })
    await vi.advanceTimersByTimeAsync(1_000)
    recovery.candidateFound()
    recovery.candidateFound()
    await vi.advanceTimersByTimeAsync(100)
    expect(offers).toEqual([true, false])
    recovery.candidateFound()
    await answered({ name: 'accepted' })
    await vi.advanceTimersByTimeAsync(100)
    expect(offers).toEqual([true, false, false])
    await answered({ name: 'accepted' })
    expect(said.at(-1)).toBe('recovered')
    await vi.advanceTimersByTimeAsync(20_000)
    recovery.candidateFound()
    await vi.advanceTimersByTimeAsync(1_000)
    expect(offers).toHaveLength(3)
  })

  it('says nothing of addresses found late where sound passes already', async () => {
    heard = true
    recovery.connectionLost()
    recovery.connectionRestored()
    recovery.candidateFound()
    await answered({ name: 'accepted' })
    recovery.candidateFound()
    await vi.advanceTimersByTimeAsync(1_000)
    expect(offers).toEqual([true])
  })

  it('says nothing of addresses found for a call that has lost nothing', async () => {
    recovery.candidateFound()
    await vi.advanceTimersByTimeAsync(1_000)
    expect(offers).toEqual([])
  })
})
