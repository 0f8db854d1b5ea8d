import { expect, it } from 'vitest'
import { Housekeeping } from '#renderer/records/housekeeping.ts'
import { silentLog } from '#shared/kernel/log.ts'
import { ok } from '#shared/kernel/result.ts'
import { SimClock } from '#tests/support/sim-clock.ts'

const dayMs = 86_400_000
const gigabyte = 1024 ** 3

/** `freeBytes` before each look. */
function setUp(freeBytes: readonly number[], retentionDays?: number) {
  const clock = new SimClock()
  const council = { aheadMs: 0, isAway: false }
  const evicted: number[] = []
  let looks = 0
  const housekeeping = new Housekeeping({
    store: {
      evict: async (notChangedSince) => {
        evicted.push(Math.round((clock.now() + council.aheadMs - notChangedSince) / dayMs))
        return ok(null)
      },
      room: async () => {
        const free = freeBytes[Math.min(looks, freeBytes.length - 1)] ?? 0
        looks += 1
        return { usedBytes: 0, freeBytes: free }
      },
    },
    clock,
    log: silentLog,
    retentionDays: () => retentionDays,
    councilNow: async () => (council.isAway ? null : clock.now() + council.aheadMs),
  })
  return { housekeeping, clock, council, evicted }
}

it('lets closed cases go after the council’s time for them', async () => {
  const { housekeeping, evicted } = setUp([gigabyte], 120)
  await housekeeping.tidy()
  expect(evicted).toEqual([120])
})

it('keeps them a year when the council says nothing', async () => {
  const { housekeeping, evicted } = setUp([gigabyte])
  await housekeeping.tidy()
  expect(evicted).toEqual([365])
})

it('lets them go sooner while there is little room, and stops as soon as there is enough', async () => {
  const { housekeeping, evicted } = setUp([1_000_000, 2_000_000, gigabyte])
  await housekeeping.tidy()
  expect(evicted).toEqual([365, 90, 30])
})

it('never keeps them longer than allowed for want of room', async () => {
  const { housekeeping, evicted } = setUp([0], 20)
  await housekeeping.tidy()
  expect(evicted).toEqual([20, 7])
})

it('looks once a day, also after the clock was set back', async () => {
  const { housekeeping, clock, evicted } = setUp([gigabyte])
  await housekeeping.tidy()
  await clock.run(dayMs / 2)
  await housekeeping.tidy()
  expect(evicted).toHaveLength(1)
  await clock.run(dayMs)
  await housekeeping.tidy()
  expect(evicted).toHaveLength(2)
})

it('goes by the council’s clock, not by one that is a year wrong', async () => {
  const { housekeeping, council, evicted } = setUp([gigabyte], 120)
  council.aheadMs = -400 * dayMs
  await housekeeping.tidy()
  expect(evicted).toEqual([120])
})

it('lets nothing go while the council cannot be asked, and looks again afterwards', async () => {
  const { housekeeping, council, evicted } = setUp([gigabyte], 120)
  council.isAway = true
  await housekeeping.tidy()
  expect(evicted).toEqual([])
  council.isAway = false
  await housekeeping.tidy()
  expect(evicted).toEqual([120])
})
