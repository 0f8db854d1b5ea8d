import { describe, expect, it } from 'vitest'
import { HostLink } from '#renderer/records/host-link.ts'
import { toJournalEntry } from '#shared/cases/recovery.ts'
import type { RecordsHost } from '#shared/contract/records.ts'
import { ok, type Result } from '#shared/kernel/result.ts'
import { SimClock } from '#tests/support/sim-clock.ts'
import { anEntry, noteOf } from '#tests/support/sim-records.ts'

const never = <T>(): Promise<T> => new Promise(() => {})

function aHost(over: Partial<RecordsHost> = {}): RecordsHost {
  return {
    token: async () => ok('token'),
    dataKey: async () => ok(new Uint8Array(32)),
    journalAppend: async () => ok(null),
    journalRead: async () => ok([]),
    journalSettle: async () => ok(null),
    wiped: async () => ok(null),
    log: async () => {},
    ...over,
  }
}

/** What a call has answered so far, without waiting for it. */
function watch<T>(answer: Promise<Result<T>>): { value: Result<T> | null } {
  const seen: { value: Result<T> | null } = { value: null }
  answer.then((value) => {
    seen.value = value
  })
  return seen
}

describe('the way to the main process', () => {
  it('is through the newest host', async () => {
    const link = new HostLink(new SimClock())
    link.provide(aHost({ token: async () => ok('old') }))
    link.provide(aHost({ token: async () => ok('new') }))
    expect(await link.token(false)).toEqual(ok('new'))
  })

  it('waits for the first host', async () => {
    const clock = new SimClock()
    const link = new HostLink(clock)
    const answer = watch(link.dataKey())
    await clock.run(9_000)
    expect(answer.value).toBeNull()
    link.provide(aHost())
    await clock.run(0)
    expect(answer.value).toMatchObject({ ok: true })
  })

  it('repeats a call of a dead host on the next one', async () => {
    const clock = new SimClock()
    const link = new HostLink(clock)
    link.provide(aHost({ journalAppend: never }))
    const answer = watch(link.journal.append([toJournalEntry(anEntry(1, noteOf(1)))]))
    await clock.run(4_000)
    link.provide(aHost())
    await clock.run(0)
    expect(answer.value).toEqual(ok(null))
  })

  it('gives up ten seconds after the last host was found dead', async () => {
    const clock = new SimClock()
    const link = new HostLink(clock)
    link.provide(aHost({ token: never }))
    const answer = watch(link.token(false))
    await clock.run(14_900)
    expect(answer.value).toBeNull()
    await clock.run(200)
    expect(answer.value).toMatchObject({ ok: false, error: { code: 'cases/journal-unavailable' } })
  })

  it('takes the answer of a host that was only slow', async () => {
    const clock = new SimClock()
    const link = new HostLink(clock)
    link.provide(aHost({ token: () => clock.delay(7_000).then(() => ok('late')) }))
    const answer = watch(link.token(false))
    await clock.run(7_100)
    expect(answer.value).toEqual(ok('late'))
  })

  it('takes a host whose port throws for dead', async () => {
    const clock = new SimClock()
    const link = new HostLink(clock)
    link.provide(aHost({ token: () => Promise.reject(new Error('port closed')) }))
    const answer = watch(link.token(false))
    await clock.run(100)
    link.provide(aHost())
    await clock.run(0)
    expect(answer.value).toEqual(ok('token'))
  })

  it('passes on what the host refuses without asking again', async () => {
    const link = new HostLink(new SimClock())
    let asked = 0
    const refusal = { ok: false, error: { code: 'journal/disk-full', retry: 'now' } } as const
    link.provide(
      aHost({
        journalAppend: async () => {
          asked += 1
          return refusal
        },
      }),
    )
    expect(await link.journal.append([toJournalEntry(anEntry(1, noteOf(1)))])).toEqual(refusal)
    expect(asked).toBe(1)
  })

  it('sends many entries in parts that the main process takes', async () => {
    const sizes: number[] = []
    const link = new HostLink(new SimClock())
    link.provide(
      aHost({
        journalAppend: async (entries) => {
          sizes.push(entries.length)
          return ok(null)
        },
      }),
    )
    await link.journal.append(
      Array.from({ length: 230 }, (_, index) => toJournalEntry(anEntry(index + 1, noteOf(index + 1)))),
    )
    expect(sizes).toEqual([100, 100, 30])
  })
})
