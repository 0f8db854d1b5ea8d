import { describe, expect, it } from 'vitest'
import { newLine } from '#shared/calls/line.ts'
import { callWaiting, ring, ringback, toneFor } from '#shared/calls/tone.ts'
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
})
