import { expect, test } from 'vitest'
import { lockWhenIdle } from '#electron/main/session/idle-lock.ts'
import { SimClock } from '#tests/support/sim-clock.ts'

function setUp(afterMinutes = 10) {
  const clock = new SimClock()
  const desk = { touchedAt: clock.now(), inCall: false, locked: 0 }
  const stop = lockWhenIdle({
    clock,
    afterMinutes,
    idleSeconds: () => (clock.now() - desk.touchedAt) / 1000,
    inCall: () => desk.inCall,
    lock: () => {
      desk.locked += 1
    },
  })
  return { clock, desk, stop }
}

test('a desk that nobody touches is locked, and not before its time', async () => {
  const { clock, desk } = setUp()
  await clock.run(9 * 60_000)
  expect(desk.locked).toBe(0)
  await clock.run(2 * 60_000)
  expect(desk.locked).toBeGreaterThan(0)
})

test('a touch begins the time anew', async () => {
  const { clock, desk } = setUp()
  await clock.run(9 * 60_000)
  desk.touchedAt = clock.now()
  await clock.run(9 * 60_000)
  expect(desk.locked).toBe(0)
})

test('nobody is locked out of a call, and the time begins at its end', async () => {
  const { clock, desk } = setUp()
  desk.inCall = true
  await clock.run(60 * 60_000)
  expect(desk.locked).toBe(0)
  desk.inCall = false
  await clock.run(9 * 60_000)
  expect(desk.locked).toBe(0)
  await clock.run(2 * 60_000)
  expect(desk.locked).toBeGreaterThan(0)
})

test('a desk that is told never to lock does not', async () => {
  const { clock, desk } = setUp(0)
  await clock.run(600 * 60_000)
  expect(desk.locked).toBe(0)
})
