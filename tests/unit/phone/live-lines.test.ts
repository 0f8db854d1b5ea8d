import { expect, it } from 'vitest'
import type { SipLine } from '#renderer/platform/sip/line.ts'
import { createLiveLines } from '#renderer/platform/sip/live-lines.ts'
import { activeLine, fakeClock, settled } from './samples.ts'

/** A call whose packets come every 20 ms until they stop. */
function callThatStops() {
  const clock = fakeClock()
  const beganAt = clock.now()
  let stalledAt: number | null = null
  let packets = 0
  let isFlowing = true
  const lines = createLiveLines(clock, () => {
    stalledAt ??= clock.now()
  })
  const sound = () => ({ ...activeLine.sound, inbound: 'flowing' as const, packetsReceived: packets })
  const times = { ...activeLine.times, twoWayAt: beganAt }
  lines.add({
    line: () => ({ ...activeLine, sound: sound(), times }),
    sample: async () => {},
    park: () => {},
  } as unknown as SipLine)
  lines.follow()
  async function pass(ms: number): Promise<void> {
    for (let passed = 0; passed < ms; passed += 10) {
      if (isFlowing && passed % 20 === 0) packets += 1
      clock.advance(10)
      await settled()
    }
  }
  return {
    pass,
    async stop(): Promise<number> {
      isFlowing = false
      const stoppedAt = clock.now()
      await pass(2_000)
      return (stalledAt ?? Number.POSITIVE_INFINITY) - stoppedAt
    },
    stalledAt: () => stalledAt,
  }
}

it('tells within half a second that the packets of a call have stopped, wherever between two looks that was', async () => {
  for (let offsetMs = 0; offsetMs < 200; offsetMs += 40) {
    const call = callThatStops()
    await call.pass(2_000 + offsetMs)
    expect(call.stalledAt()).toBeNull()
    const tookMs = await call.stop()
    expect(tookMs).toBeGreaterThanOrEqual(100)
    expect(tookMs).toBeLessThanOrEqual(560)
  }
})

it('holds a call that was left while it was being answered as soon as it is up, once', () => {
  const lines = createLiveLines(fakeClock(), () => {})
  const done: string[] = []
  const call = (id: string, state: 'answering' | 'active') => {
    const own = { state }
    const line = {
      line: () => ({ ...activeLine, id, state: { name: own.state, since: 0 } }),
      sample: async () => {},
      park: (parked: boolean) => done.push(`${id} ${parked ? 'silenced' : 'heard'}`),
      hold: async () => done.push(`${id} held`),
    } as unknown as SipLine
    lines.add(line)
    return { own, line }
  }
  const first = call('first', 'active')
  const second = call('second', 'answering')
  lines.speakOnlyOn([first.line])
  lines.follow()
  expect(done).toEqual(['first heard', 'second silenced'])
  second.own.state = 'active'
  lines.follow()
  lines.follow()
  expect(done).toEqual(['first heard', 'second silenced', 'second held'])
})
