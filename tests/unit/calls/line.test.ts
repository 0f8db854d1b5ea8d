import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { endReasonOf, type LineEvent, newLine, nextLine } from '#shared/calls/line.ts'
import { newSoundWatch } from '#shared/calls/sound.ts'
import type { Line } from '#shared/contract/phone.ts'
import { line as lineSchema } from '#shared/contract/phone.ts'

const at = 1_000

function lineIn(state: Line['state'], more: Partial<Line> = {}): Line {
  return {
    ...newLine({
      id: '6f3f2d0e-6a2e-4f4e-9d7b-0d5c2f1a7b01',
      contactId: '6f3f2d0e-6a2e-4f4e-9d7b-0d5c2f1a7b02',
      callId: 'call-1',
      direction: 'inbound',
      state,
      remote: { number: '+441632960142', withheld: false },
      at,
    }),
    ...more,
  }
}

const ringing = lineIn({ name: 'ringing', since: at })
const dialling = lineIn({ name: 'dialling', since: at, progress: 'trying' }, { direction: 'outbound' })
const active = lineIn({ name: 'active', since: at })
const ended = lineIn({ name: 'ended', at, reason: 'hung-up-here' })

const run = (line: Line, ...events: LineEvent[]) => events.reduce(nextLine, line)

describe('a line', () => {
  it('is answering until the ACK arrives, and only then active', () => {
    const answering = nextLine(ringing, { name: 'answering-started', at: 2_000 })
    expect(answering.state).toEqual({ name: 'answering', since: 2_000 })
    const up = nextLine(answering, { name: 'answered', at: 2_050 })
    expect(up.state).toEqual({ name: 'active', since: 2_050 })
    expect(up.times.answeredAt).toBe(2_050)
  })

  it('moves forward only while dialling: 180 after early media changes nothing', () => {
    const early = run(
      dialling,
      { name: 'progressed', progress: 'ringing', at: 1_100 },
      { name: 'progressed', progress: 'early-media', at: 1_200 },
      { name: 'progressed', progress: 'ringing', at: 1_300 },
    )
    expect(early.state).toEqual({ name: 'dialling', since: at, progress: 'early-media' })
  })

  it('becomes active when the call we dialled is answered', () => {
    expect(nextLine(dialling, { name: 'answered', at: 3_000 }).state.name).toBe('active')
  })

  it('says who holds it, and keeps the time when the second end holds too', () => {
    const held = nextLine(active, { name: 'holds-changed', byAdviser: true, byResident: false, at: 5_000 })
    expect(held.state).toEqual({ name: 'held', since: 5_000, by: 'adviser' })
    const both = nextLine(held, { name: 'holds-changed', byAdviser: true, byResident: true, at: 6_000 })
    expect(both.state).toEqual({ name: 'held', since: 5_000, by: 'both' })
    const resumed = nextLine(both, { name: 'holds-changed', byAdviser: false, byResident: false, at: 7_000 })
    expect(resumed.state).toEqual({ name: 'active', since: 7_000 })
  })

  it('stays active while signalling is lost, recovering and up again', () => {
    const lost = nextLine(active, { name: 'signalling-lost' })
    expect([lost.state.name, lost.signalling]).toEqual(['active', 'lost'])
    const recovering = nextLine(lost, { name: 'recovery-started' })
    expect([recovering.state.name, recovering.signalling]).toEqual(['active', 'recovering'])
    expect(nextLine(recovering, { name: 'signalling-lost' }).signalling).toBe('lost')
    expect(nextLine(recovering, { name: 'signalling-recovered' })).toEqual(active)
  })

  it('ends from any state with its reason, and then changes no more', () => {
    const busy = nextLine(dialling, { name: 'ended', at: 9_000, reason: 'busy', status: 486 })
    expect(busy.state).toEqual({ name: 'ended', at: 9_000, reason: 'busy', status: 486 })
    expect(nextLine(busy, { name: 'answered', at: 9_100 })).toBe(busy)
  })

  it('gives back the same object for events that mean nothing now', () => {
    expect(nextLine(ringing, { name: 'answered', at })).toBe(ringing)
    expect(nextLine(active, { name: 'answering-started', at })).toBe(active)
    expect(nextLine(ringing, { name: 'holds-changed', byAdviser: true, byResident: false, at })).toBe(ringing)
    expect(nextLine(active, { name: 'recovery-started' })).toBe(active)
  })

  it('never throws, never leaves ended and always fits the contract, whatever happens in whatever order', () => {
    const event: fc.Arbitrary<LineEvent> = fc.oneof(
      fc.record({
        name: fc.constant('progressed' as const),
        progress: fc.constantFrom('trying' as const, 'ringing' as const, 'early-media' as const),
        at: fc.nat(),
      }),
      fc.record({ name: fc.constant('answering-started' as const), at: fc.nat() }),
      fc.record({ name: fc.constant('answered' as const), at: fc.nat() }),
      fc.record({
        name: fc.constant('holds-changed' as const),
        byAdviser: fc.boolean(),
        byResident: fc.boolean(),
        at: fc.nat(),
      }),
      fc.record({ name: fc.constant('mute-changed' as const), muted: fc.boolean() }),
      fc.constantFrom<LineEvent>(
        { name: 'signalling-lost' },
        { name: 'recovery-started' },
        { name: 'signalling-recovered' },
      ),
      fc.record({ name: fc.constant('sound-sampled' as const), watch: fc.nat().map(newSoundWatch) }),
      fc.record({
        name: fc.constant('ended' as const),
        at: fc.nat(),
        reason: fc.constantFrom('busy' as const, 'cancelled' as const, 'connection-lost' as const),
      }),
    )
    fc.assert(
      fc.property(fc.constantFrom(ringing, dialling, active, ended), fc.array(event), (start, events) => {
        let line = start
        for (const e of events) {
          const next = nextLine(line, e)
          if (line.state.name === 'ended') expect(next).toBe(line)
          line = next
        }
        expect(lineSchema.safeParse(line).success).toBe(true)
      }),
    )
  })
})

describe('a line that ended because its far end went on elsewhere', () => {
  const corrected = { name: 'end-corrected', reason: 'hung-up-there' } as const

  it('has ended otherwise when there was nowhere to go', () => {
    const over = run(active, { name: 'ended', at: 3_000, reason: 'transferred' })
    expect(nextLine(over, corrected).state).toEqual({ name: 'ended', at: 3_000, reason: 'hung-up-there' })
    const hungUp = run(active, { name: 'ended', at: 3_000, reason: 'hung-up-here' })
    expect(nextLine(hungUp, corrected)).toBe(hungUp)
    expect(nextLine(active, corrected)).toBe(active)
  })
})

describe('what is arranged around a line', () => {
  const referral = { name: 'referral-asked', to: 'Jo Doe', at: 2_000 } as const

  it('is gone when the call is over', () => {
    const over = run(
      active,
      { name: 'conference-changed', conferenceId: active.contactId },
      { name: 'transfer-asked', to: 'Jo Doe', at: 2_000 },
      referral,
      { name: 'ended', at: 3_000, reason: 'transferred' },
    )
    expect(over).toMatchObject({ conferenceId: null, transfer: null, referral: null, autoAnswerAt: null })
  })

  it('can be asked for by the far end once at a time, and only while the call is up', () => {
    expect(nextLine(ringing, referral)).toBe(ringing)
    const asked = nextLine(active, referral)
    expect(asked.referral).toEqual({ to: 'Jo Doe', since: 2_000 })
    expect(nextLine(asked, { ...referral, to: 'Someone else' })).toBe(asked)
    expect(nextLine(asked, { name: 'referral-settled' }).referral).toBeNull()
  })

  it('is no automatic answer any more once the adviser answers', () => {
    const warned = nextLine(ringing, { name: 'auto-answer-changed', at: 3_000 })
    expect(warned.autoAnswerAt).toBe(3_000)
    expect(nextLine(warned, { name: 'answering-started', at: 2_000 }).autoAnswerAt).toBeNull()
    expect(nextLine(ringing, { name: 'auto-answer-changed', at: null })).toBe(ringing)
  })
})

describe('a final response to a call we dialled', () => {
  it.each([
    [486, 'busy'],
    [600, 'busy'],
    [480, 'no-answer'],
    [408, 'no-answer'],
    [404, 'not-found'],
    [484, 'not-found'],
    [488, 'media-failed'],
    [603, 'refused'],
    [503, 'refused'],
  ])('%i ends the line as %s', (status, reason) => {
    expect(endReasonOf(status)).toBe(reason)
  })
})
