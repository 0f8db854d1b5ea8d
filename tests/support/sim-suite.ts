import { describe, expect, it } from 'vitest'
import { runSchedule } from './sim-schedule.ts'

const schedules = Number(process.env.SCHEDULES ?? 2_000)
const firstSeed = Number(process.env.FIRST_SEED ?? Date.now() % 1_000_000_000)
const onlySeed = process.env.SEED === undefined ? null : Number(process.env.SEED)
const toldEvery = 1_000
/** A long run goes on after a failure, to tell whether there are more; not for ever. */
const mostFailures = 10

/** What happens in every hundred schedules or so: where one of these never does, the simulation proves nothing. */
const mustHappen: readonly string[] = [
  ...['saved', 'requests', 'conflicts', 'refusals', 'blocked'],
  ...['crash', 'power cut', 'crashBefore', 'crashWithin', 'crashAfter'],
  ...['lose a copy', 'lose a copy and crash', 'close a window', 'the other window', 'fill the disk'],
  ...['cut the network', 'captivePortal', 'lostRequest', 'lateRequest', 'lostAnswer', 'duplicated'],
  ...['serverError', 'failsMidway', 'cutBody', 'malformed', 'tokenExpired', 'streamClosed'],
  ...['token expires', 'session ends', 'clock jumps', 'sleep', 'queues change', 'forget cursors'],
  ...['merge', 'part', 'warn', 'change a resident', 'change it at once', 'type', 'decide', 'let go'],
  ...['attach a file', 'take a file back', 'files sent', 'files refused'],
]

/** One of several files that share the schedules, so that every core has its part. */
export function describeSchedules(share: number, shares: number): void {
  const own = Math.ceil(schedules / shares)
  describe(`sync of desks and a council, part ${share} of ${shares}`, () => {
    if (onlySeed !== null) {
      it.runIf(share === 1)(`holds in schedule ${onlySeed}`, async () => {
        const outcome = await runSchedule(onlySeed, (line) => console.log(line))
        expect(outcome.problems).toEqual([])
      })
      return
    }

    it(
      `never loses or repeats a word that was Saved, in ${own} schedules`,
      async () => {
        const first = firstSeed + (share - 1) * own
        console.log(`schedules ${first} to ${first + own - 1}`)
        const startedAt = performance.now()
        const totals = new Map<string, number>()
        const failed: number[] = []
        for (let seed = first; seed < first + own; seed++) {
          const { problems, counts } = await runSchedule(seed)
          if (problems.length > 0) {
            failed.push(seed)
            console.log(`run again with SEED=${seed}: ${problems.join('; ')}`)
          }
          if (failed.length === mostFailures) break
          for (const [what, count] of Object.entries(counts))
            totals.set(what, (totals.get(what) ?? 0) + count)
          const done = seed - first + 1
          if (done % toldEvery === 0) {
            console.log(`${done} of ${own} in ${Math.round((performance.now() - startedAt) / 1000)} s`)
          }
        }
        console.log(JSON.stringify(Object.fromEntries(totals)))
        expect(failed, 'seeds of the schedules that failed').toEqual([])
        if (own < 200) return
        for (const what of mustHappen) expect(totals.get(what) ?? 0, what).toBeGreaterThan(0)
      },
      120_000 + own * 3_000,
    )
  })
}
