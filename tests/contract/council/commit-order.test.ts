import { setTimeout as delay } from 'node:timers/promises'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { noteChanges, readChanges } from '#electron/practice/council/database/change-feed.ts'
import { type OpenDatabase, openDatabase } from '#electron/practice/council/database/open-database.ts'
import type { Tx } from '#electron/practice/council/database/schema.ts'
import type { Change } from '#shared/contract/rest.ts'
import { silentLog } from '#shared/kernel/log.ts'
import { SimRandom } from '#tests/support/sim-clock.ts'
import { backends, type Place } from './backends.ts'

const scope = { adviserId: 'adviser-sam', queueIds: [] }

/** A promise and the function that fulfils it. */
function gate() {
  let open = () => {}
  const opened = new Promise<void>((resolve) => {
    open = resolve
  })
  return { open, opened }
}

describe.each(backends)('the order of the feed, on $name', ({ name, seeded }) => {
  let place: Place
  let database: OpenDatabase

  beforeAll(async () => {
    place = await seeded()
    database = await openDatabase(place.database, silentLog)
  })
  afterAll(async () => {
    await database.close()
    await place.dispose()
  })

  const insert = (tx: Tx, id: string) =>
    tx
      .insertInto('timeline_entry')
      .values({ id, case_id: null, record: JSON.stringify({ id }) })
      .execute()
  const note = (tx: Tx, id: string) => noteChanges(tx, [{ kind: 'timeline', id, caseId: null }])
  const write = (id: string) =>
    database.db.transaction().execute(async (tx) => {
      await insert(tx, id)
      await note(tx, id)
    })
  const readFrom = async (seq: number, limit = 1000) => {
    const page = await readChanges(database.db, scope, seq, limit)
    if (!page) throw new Error('the feed went backwards')
    return { ...page, changes: page.changes.map((text) => JSON.parse(text) as Change) }
  }
  const end = async () => {
    const { rows } = await sql<{ seq: number }>`select max(seq) as seq from change`.execute(database.db)
    return rows[0]?.seq ?? 0
  }

  test('a transaction that is slow over its writing is told after those that overtook it', async () => {
    const start = await end()
    const [hasWritten, mayGoOn] = [gate(), gate()]
    const slow = database.db.transaction().execute(async (tx) => {
      await insert(tx, 'slow-writer')
      hasWritten.open()
      await mayGoOn.opened
      await note(tx, 'slow-writer')
    })
    await hasWritten.opened
    const fast = write('overtaker')
    // One connection does one thing at a time, so only PostgreSQL has anybody overtake.
    if (name === 'PostgreSQL') {
      await fast
      const page = await readFrom(start)
      expect(page.changes.map(({ id }) => id)).toEqual(['overtaker'])
      mayGoOn.open()
      await slow
      expect((await readFrom(page.nextSeq)).changes.map(({ id }) => id)).toEqual(['slow-writer'])
    } else {
      mayGoOn.open()
      await Promise.all([slow, fast])
      expect((await readFrom(start)).changes.map(({ id }) => id)).toEqual(['slow-writer', 'overtaker'])
    }
  })

  test('a transaction that is slow to commit holds up the numbers after its own', async () => {
    const start = await end()
    const [hasNumber, mayCommit] = [gate(), gate()]
    const slow = database.db.transaction().execute(async (tx) => {
      await insert(tx, 'slow-committer')
      await note(tx, 'slow-committer')
      hasNumber.open()
      await mayCommit.opened
    })
    await hasNumber.opened
    const fast = write('later').then(() => 'committed' as const)
    expect(await Promise.race([fast, delay(300, 'waiting' as const)])).toBe('waiting')
    if (name === 'PostgreSQL') expect((await readFrom(start)).changes).toEqual([])
    mayCommit.open()
    await Promise.all([slow, fast])
    expect((await readFrom(start)).changes.map(({ id }) => id)).toEqual(['slow-committer', 'later'])
  })

  test('a reader that never stops reading misses nothing of writers of every speed', async () => {
    const random = new SimRandom(20_261_103)
    const start = await end()
    const written: string[] = []
    const seen: string[] = []
    let isOver = false

    const writer = async (writerId: number) => {
      for (let turn = 0; turn < 20; turn += 1) {
        const id = `writer-${writerId}-${turn}`
        await database.db.transaction().execute(async (tx) => {
          await insert(tx, id)
          if (random.chance(0.5)) await delay(random.below(12))
          await note(tx, id)
          if (random.chance(0.5)) await delay(random.below(12))
        })
        written.push(id)
      }
    }
    const reader = async () => {
      for (let seq = start; ; ) {
        const wasOver = isOver
        const page = await readFrom(seq, 3)
        seen.push(...page.changes.map(({ id }) => id))
        seq = page.nextSeq
        if (wasOver && !page.more) return
      }
    }
    const reading = reader()
    await Promise.all([0, 1, 2, 3, 4, 5].map(writer))
    isOver = true
    await reading
    expect([...seen].sort()).toEqual([...written].sort())
  })
})
