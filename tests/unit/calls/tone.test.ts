import { describe, expect, it } from 'vitest'
import { newLine } from '#shared/calls/line.ts'
import {
  autoAnswer,
  callWaiting,
  holdReminder,
  holdReminderDueAt,
  ring,
  ringback,
  toneFor,
} from '#shared/calls/tone.ts'
import type { Line, LineState } from '#shared/contract/phone.ts'

const line = (state: LineState): Line =>
  newLine({
    id: 'a3c1f9de-1a2b-4c3d-8e4f-5a6b7c8d9e0f',
    contactId: 'a3c1f9de-1a2b-4c3d-8e4f-5a6b7c8d9e0e',
    callId: 'c',
    direction: 'inbound',
    state,
    remote: { withheld: true },
    at: 0,
  })
const ringing = line({ name: 'ringing', since: 0 })
const active = line({ name: 'active', since: 0 })
const held = line({ name: 'held', since: 0, by: 'adviser' })
const ended = line({ name: 'ended', at: 0, reason: 'cancelled' })

describe('the tone', () => {
  it('is the double ring while a call rings and nobody speaks', () => {
    expect(toneFor([ended, ringing])).toBe(ring)
    expect(toneFor([held, ringing])).toBe(ring)
  })
  it('is soft under a conversation', () => {
    expect(toneFor([active, ringing])).toBe(callWaiting)
  })
  it('is the far end’s ringing while we dial, unless the network sends its own', () => {
    expect(toneFor([line({ name: 'dialling', since: 0, progress: 'ringing' })])).toBe(ringback)
    expect(toneFor([line({ name: 'dialling', since: 0, progress: 'early-media' })])).toBeNull()
  })
  it('is none when nothing rings', () => {
    expect(toneFor([])).toBeNull()
    expect(toneFor([active, held, ended])).toBeNull()
  })

  it('warns of a call that will be answered by itself, but not under a conversation', () => {
    const warned = { ...ringing, autoAnswerAt: 2_000 }
    expect(toneFor([warned])).toBe(autoAnswer)
    expect(toneFor([active, warned])).toBe(callWaiting)
  })

  it('reminds of a held call after a minute, every half minute, softly, and never over a ring', () => {
    expect(holdReminderDueAt([held, active])).toBe(60_000)
    expect(toneFor([held], 59_999)).toBeNull()
    expect(toneFor([held], 60_000)).toBe(holdReminder)
    expect(toneFor([held, active], 60_000)).toBe(holdReminder)
    expect(toneFor([held, ringing], 60_000)).toBe(ring)
    expect(toneFor([held, line({ name: 'dialling', since: 0, progress: 'ringing' })], 60_000)).toBe(ringback)
    expect(holdReminder.stepsMs.reduce((sum, ms) => sum + ms, 0)).toBe(30_000)
    expect(holdReminder.volume).toBeLessThanOrEqual(callWaiting.volume)
  })

  it('reminds nobody of a call that the resident holds, or that is being passed on', () => {
    expect(holdReminderDueAt([line({ name: 'held', since: 0, by: 'resident' }), active])).toBeNull()
    expect(holdReminderDueAt([line({ name: 'held', since: 0, by: 'both' })])).toBe(60_000)
    expect(holdReminderDueAt([{ ...held, transfer: { name: 'trying', to: '', since: 0 } }])).toBeNull()
    expect(toneFor([held])).toBeNull()
  })
})
