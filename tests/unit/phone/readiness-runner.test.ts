import { describe, expect, it } from 'vitest'
import { createReadinessRunner, type ReadinessSurroundings } from '#renderer/phone/readiness-runner.ts'
import { ok } from '#shared/kernel/result.ts'
import { fakeClock, recordingLog, settled } from './samples.ts'

const well: ReadinessSurroundings = {
  registration: { name: 'registered', since: 0 },
  switchboardMs: 15,
  microphone: { name: 'live', label: 'Headset' },
  outputs: 1,
  sync: { name: 'sending', unsent: 1, since: 0 },
  iceServers: [],
  leaseDays: 7,
  troubled: false,
}

function setUp(at: Partial<ReadinessSurroundings> = {}) {
  const clock = fakeClock()
  let surroundings: ReadinessSurroundings = { ...well, ...at }
  let hear: ((rms: number) => void) | null = null
  let probes = 0
  const runner = createReadinessRunner({
    measures: {
      listen(heard) {
        hear = heard
        return () => {
          hear = null
        }
      },
      mediaPath: async () => ({
        item: 'media-path',
        candidates: 1,
        relayWanted: false,
        relayFound: false,
        connected: true,
      }),
      freeMb: async () => 9_000,
    },
    records: {
      probe: async () => {
        probes += 1
        return ok({ roundTripMs: 20, clockAheadMs: 0 })
      },
    },
    clock,
    log: recordingLog(),
    surroundings: () => surroundings,
    onChange: () => {},
  })
  return {
    clock,
    runner,
    probes: () => probes,
    hear: (rms: number) => hear?.(rms),
    isListening: () => hear !== null,
    change(next: Partial<ReadinessSurroundings>) {
      surroundings = { ...surroundings, ...next }
      runner.consider()
    },
  }
}

describe('the check before the shift', () => {
  it('begins by itself once the telephone is up, and ends with the first sound of the microphone', async () => {
    const { runner, change, hear, isListening, probes } = setUp({
      registration: { name: 'connecting', attempt: 0, since: 0 },
    })
    runner.consider()
    expect(runner.check()).toBeNull()
    change({ registration: well.registration })
    await settled()
    expect(runner.verdict()).toBe('running')
    hear(0)
    expect(isListening()).toBe(true)
    hear(0.01)
    await settled()
    expect(runner.verdict()).toBe('green')
    expect(isListening()).toBe(false)
    runner.consider()
    expect(probes()).toBe(1)
  })

  it('warns of a microphone that hears nothing at all for three seconds', async () => {
    const { runner, clock, hear } = setUp()
    runner.consider()
    await settled()
    hear(0)
    clock.advance(3_000)
    await settled()
    expect(runner.check()?.items[0]).toEqual({ item: 'microphone', outcome: 'warning', figure: null })
    expect(runner.verdict()).toBe('green')
    expect(runner.override('no need')).toMatchObject({ ok: false })
  })

  it('that failed lets an adviser go to work with a reason, which goes along with Ready', async () => {
    const { runner, hear } = setUp({ outputs: 0 })
    runner.consider()
    await settled()
    hear(0.01)
    await settled()
    expect(runner.verdict()).toBe('failed')
    expect(runner.withOverride({ name: 'ready' })).toEqual({ name: 'ready' })
    expect(runner.override('The headset is on its way')).toMatchObject({ ok: true })
    expect(runner.verdict()).toBe('green')
    expect(runner.withOverride({ name: 'ready' })).toEqual({
      name: 'ready',
      override: { failed: ['speaker'], reason: 'The headset is on its way' },
    })
    expect(runner.withOverride({ name: 'not-ready', reason: 'lunch' })).toEqual({
      name: 'not-ready',
      reason: 'lunch',
    })
  })

  it('is repeated when trouble has gone, if there was something to find', async () => {
    const { runner, change, hear, probes } = setUp({ microphone: { name: 'absent' }, troubled: true })
    runner.consider()
    await settled()
    expect(runner.verdict()).toBe('failed')
    change({ microphone: well.microphone, troubled: false })
    expect(runner.verdict()).toBe('running')
    await settled()
    hear(0.01)
    await settled()
    expect(runner.verdict()).toBe('green')
    change({ troubled: true })
    change({ troubled: false })
    expect(probes()).toBe(2)
  })

  it('keeps its last word while it is repeated at the adviser’s wish', async () => {
    const { runner, hear } = setUp()
    runner.consider()
    await settled()
    hear(0.01)
    await settled()
    runner.run()
    expect(runner.check()?.finishedAt).toBeNull()
    expect(runner.verdict()).toBe('green')
  })

  it('lets the slower of council and switchboard decide, and waits a moment for the switchboard’s answer', async () => {
    const { runner, clock, hear, change } = setUp({ switchboardMs: null })
    runner.consider()
    await settled()
    hear(0.01)
    const roundTrip = () => runner.check()?.items.find(({ item }) => item === 'round-trip')
    expect(roundTrip()?.outcome).toBe('running')
    change({ switchboardMs: 500 })
    clock.advance(50)
    await settled()
    expect(roundTrip()).toMatchObject({ outcome: 'warning', figure: 500 })
  })

  it('waits a moment for records that are just being fetched, and no longer', async () => {
    const { runner, clock, hear } = setUp({ sync: { name: 'loading', records: 9, since: 0 } })
    runner.consider()
    for (let waited = 0; waited <= 3_000; waited += 250) {
      await settled()
      hear(0.01)
      clock.advance(250)
    }
    await settled()
    expect(runner.check()?.items.find(({ item }) => item === 'cache-age')).toEqual({
      item: 'cache-age',
      outcome: 'warning',
      figure: null,
    })
    expect(runner.verdict()).toBe('green')
  })

  it('is forgotten at the end of the shift', async () => {
    const { runner } = setUp()
    runner.consider()
    runner.forget()
    await settled()
    expect(runner.check()).toBeNull()
    expect(runner.verdict()).toBe('running')
  })
})
