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

  it('is silent soon after the last packet, dated back to it', () => {
    const patient = nextSound(flowing(), sample(1_500, 5, 100), both)
    expect(patient.sound.inbound).toBe('flowing')
    const silent = nextSound(patient, sample(1_501, 5, 101), both)
    expect(silent.sound).toMatchObject({ inbound: 'silent', outbound: 'flowing', since: 100 })
    expect(nextSound(silent, sample(2_600, 6, 102), both).sound).toMatchObject({
      inbound: 'flowing',
      since: 2_600,
    })
  })

  it.each(['inbound', 'outbound'] as const)(
    'says within 2 s that %s packets stopped, whenever that was',
    (side) => {
      const everyMs = 300
      for (let stoppedAt = 10_000; stoppedAt < 10_000 + everyMs; stoppedAt += 20) {
        let watch = newSoundWatch(0)
        let saidAt = 0
        // Readings are a little late, as timers are.
        for (let at = 0; saidAt === 0 && at < 20_000; at += everyMs + 15) {
          const packets = Math.floor(at / 20)
          const stopped = Math.floor(Math.min(at, stoppedAt) / 20)
          const counted = side === 'inbound' ? sample(at, stopped, packets) : sample(at, packets, stopped)
          watch = nextSound(watch, { ...counted, lastPacketAt: Math.min(at, stoppedAt) }, both)
          if (watch.sound[side] === 'silent') saidAt = at
        }
        expect(saidAt - stoppedAt).toBeGreaterThan(1_000)
        expect(saidAt - stoppedAt).toBeLessThanOrEqual(2_000)
        expect(watch.sound[side === 'inbound' ? 'outbound' : 'inbound']).toBe('flowing')
      }
    },
  )

  it('tells packets of digital silence from a quiet voice, and is not alarmed', () => {
    let watch = flowing()
    const hear = (at: number, inboundEnergy: number) => {
      watch = nextSound(watch, { ...sample(at, at, at), inboundEnergy }, both)
      return watch.sound
    }
    for (let at = 500; at <= 5_000; at += 500) hear(at, 0.005)
    expect(watch.sound).not.toHaveProperty('quietSince')
    expect(hear(5_500, 0.005)).toMatchObject({ inbound: 'flowing', quietSince: 100 })
    expect(hear(6_000, 0.005 + 1e-6)).not.toHaveProperty('quietSince')
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
    expect(nextSound(muted, sample(2_100, 90, 30), { ...both, muted: true }).sound.outbound).toBe('silent')
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
