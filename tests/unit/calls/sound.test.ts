import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { newSoundWatch, nextSound, type RtpSample, type SoundWatch } from '#shared/calls/sound.ts'
import { sound as soundSchema } from '#shared/contract/phone.ts'

const both = { receiving: true, sending: true, muted: false }
const sample = (at: number, packetsReceived: number, packetsSent: number): RtpSample => ({
  at,
  packetsReceived,
  packetsSent,
  inboundEnergy: packetsReceived / 1_000,
})
const flowing = (): SoundWatch => nextSound(newSoundWatch(0), sample(100, 5, 5), both)

describe('the sound of a call', () => {
  it('is not there yet until the first packets, and remembers when they came', () => {
    const waiting = nextSound(newSoundWatch(0), sample(50, 0, 0), both)
    expect(waiting.sound).toMatchObject({ inbound: 'not-yet', outbound: 'not-yet', since: 0 })
    const heard = nextSound(waiting, sample(100, 3, 0), both)
    expect(heard.sound).toMatchObject({ inbound: 'flowing', outbound: 'not-yet', since: 100 })
    expect([heard.firstInboundAt, heard.twoWayAt]).toEqual([100, null])
    expect(nextSound(heard, sample(150, 5, 2), both).twoWayAt).toBe(150)
  })

  it('is silent after more than 2 s without packets, dated back to the last one', () => {
    const patient = nextSound(flowing(), sample(2_100, 5, 100), both)
    expect(patient.sound.inbound).toBe('flowing')
    const silent = nextSound(patient, sample(2_101, 5, 101), both)
    expect(silent.sound).toMatchObject({ inbound: 'silent', outbound: 'flowing', since: 100 })
    expect(nextSound(silent, sample(2_600, 6, 102), both).sound).toMatchObject({
      inbound: 'flowing',
      since: 2_600,
    })
  })

  it('is silent when nothing at all arrives within 2 s of answering', () => {
    expect(nextSound(newSoundWatch(0), sample(2_001, 0, 0), both).sound).toMatchObject({
      inbound: 'silent',
      outbound: 'silent',
    })
  })

  it('says muted while packets of silence leave, and silent when not even those do', () => {
    const muted = nextSound(flowing(), sample(600, 30, 30), { ...both, muted: true })
    expect(muted.sound.outbound).toBe('muted')
    expect(nextSound(muted, sample(2_700, 90, 30), { ...both, muted: true }).sound.outbound).toBe('silent')
    expect(nextSound(muted, sample(700, 35, 35), both).sound.outbound).toBe('flowing')
  })

  it('is held, not silent, for as long as a direction is not agreed, and gets 2 s again afterwards', () => {
    const held = nextSound(flowing(), sample(60_000, 5, 5), { ...both, receiving: false, sending: false })
    expect(held.sound).toMatchObject({ inbound: 'held', outbound: 'held' })
    const resumed = nextSound(held, sample(61_000, 5, 5), both)
    expect(resumed.sound).toMatchObject({ inbound: 'not-yet', outbound: 'not-yet' })
    expect(nextSound(resumed, sample(62_500, 5, 60), both).sound).toMatchObject({
      inbound: 'silent',
      outbound: 'flowing',
    })
  })

  it('takes counters that start again as movement', () => {
    expect(nextSound(flowing(), sample(600, 1, 1), both).sound.inbound).toBe('flowing')
  })

  it('never goes back on the first times and always fits the contract', () => {
    const step = fc.record({
      afterMs: fc.nat(5_000),
      received: fc.nat(100),
      sent: fc.nat(100),
      agreed: fc.record({ receiving: fc.boolean(), sending: fc.boolean(), muted: fc.boolean() }),
    })
    fc.assert(
      fc.property(fc.array(step), (steps) => {
        let watch = newSoundWatch(0)
        let at = 0
        for (const { afterMs, received, sent, agreed } of steps) {
          at += afterMs
          const next = nextSound(watch, sample(at, received, sent), agreed)
          if (watch.twoWayAt !== null) expect(next.twoWayAt).toBe(watch.twoWayAt)
          if (watch.firstInboundAt !== null) expect(next.firstInboundAt).toBe(watch.firstInboundAt)
          expect(soundSchema.safeParse(next.sound).success).toBe(true)
          watch = next
        }
      }),
    )
  })
})
