import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type CacheContents, type CaseStore, emptyMeta, noAnswers } from '#shared/cases/case-store.ts'
import type { Change } from '#shared/contract/rest.ts'
import type { Result } from '#shared/kernel/result.ts'
import {
  aCallback,
  aCase,
  aDraft,
  aNote,
  anAdviser,
  anEntry,
  aResident,
  at,
  changeOf,
  createOf,
  noteOf,
  putCallback,
  putCase,
  putNote,
  putResident,
} from '#tests/support/sim-records.ts'

/** A disk for stores of one kind. */
export interface StoreBench {
  start(): Promise<void>
  stop(): Promise<void>
  /** Another store on the disk with this name, as after a restart. The ones before are closed by the test. */
  store(diskName: string): Promise<CaseStore>
  /** Deletes the database under whoever has it open. */
  lose(diskName: string): Promise<void>
}

export function unwrap<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(`${result.error.code} ${result.error.detail ?? ''}`)
  return result.value
}

const byId = (a: { id: string }, b: { id: string }): number => (a.id < b.id ? -1 : 1)
const meta = (cursor: string) => ({ ...emptyMeta, cursor, asAt: 1_000 })

/** What the port's comment promises, for every implementation. */
export function describeCaseStore(name: string, bench: StoreBench): void {
  describe(name, () => {
    let disk = ''
    let disks = 0
    let store: CaseStore

    beforeAll(() => bench.start())
    afterAll(() => bench.stop())
    beforeEach(async () => {
      disks += 1
      disk = `disk-${disks}`
      store = await bench.store(disk)
      unwrap(await store.open())
    })

    async function afterRestart(): Promise<CacheContents> {
      await store.close()
      store = await bench.store(disk)
      return unwrap(await store.open())
    }

    it('opens a disk with nothing on it as created', async () => {
      const contents = await afterRestart()
      expect(contents.how).toBe('created')
      expect(contents.meta).toEqual(emptyMeta)
      expect(contents.outbox).toEqual([])
    })

    it('keeps saved entries through a restart', async () => {
      const entries = [anEntry(1, createOf(1, 'c1')), anEntry(2, noteOf(2, { caseId: 'c1' }))]
      unwrap(await store.save(entries))
      const contents = await afterRestart()
      expect(contents.how).toBe('opened')
      expect([...contents.outbox].sort((a, b) => a.sequence - b.sequence)).toEqual(entries)
    })

    it('replaces and removes entries in one call', async () => {
      unwrap(await store.save([anEntry(1, createOf(1, 'c1')), anEntry(2, noteOf(2))]))
      const applied = anEntry(1, createOf(1, 'c1'), { name: 'applied' })
      unwrap(await store.changeOutbox([applied], [noteOf(2).id]))
      expect((await afterRestart()).outbox).toEqual([applied])
    })

    it('takes the removal of an entry it never had', async () => {
      expect(await store.changeOutbox([], [noteOf(9).id])).toEqual({ ok: true, value: null })
    })

    it('keeps the last of many drafts written at once', async () => {
      const writes = Array.from({ length: 20 }, (_, index) =>
        store.putDraft(aDraft('k1', { typed: { note: `word ${index}` } })),
      )
      await Promise.all(writes)
      expect((await afterRestart()).drafts).toEqual([aDraft('k1', { typed: { note: 'word 19' } })])
    })

    it('deletes a draft, and one it never had', async () => {
      unwrap(await store.putDraft(aDraft('k1')))
      unwrap(await store.deleteDraft('k1'))
      unwrap(await store.deleteDraft('k2'))
      expect((await afterRestart()).drafts).toEqual([])
    })

    it('keeps a page of the feed together with its cursor', async () => {
      const changes = [
        putResident(aResident('r1')),
        putCase(aCase('c1')),
        putNote(aNote('n1')),
        putCallback(aCallback('b1')),
      ]
      unwrap(await store.applyChanges(changes, meta('7')))
      const contents = await afterRestart()
      expect(contents.meta).toEqual(meta('7'))
      expect(contents.records).toEqual({
        residents: [aResident('r1')],
        cases: [aCase('c1')],
        timeline: [aNote('n1')],
        contacts: [],
        scripts: [],
        callbacks: [aCallback('b1')],
      })
    })

    it('lets the later change of a record win, in one page and across pages', async () => {
      const version = (number: number) => putCase(aCase('c1', { version: number }))
      unwrap(await store.applyChanges([version(1), version(2)], meta('1')))
      unwrap(await store.applyChanges([version(3)], meta('2')))
      expect((await afterRestart()).records.cases).toEqual([aCase('c1', { version: 3 })])
    })

    it('deletes records, also ones it never had', async () => {
      unwrap(await store.applyChanges([putCase(aCase('c1')), putCase(aCase('c2'))], meta('1')))
      const gone: Change[] = ['c1', 'c9'].map((id) => ({ kind: 'case', id, deleted: true }))
      unwrap(await store.applyChanges(gone, meta('2')))
      expect((await afterRestart()).records.cases).toEqual([aCase('c2')])
    })

    it('tells records of different kinds with the same id apart', async () => {
      unwrap(await store.applyChanges([putCase(aCase('x')), putResident(aResident('x'))], meta('1')))
      unwrap(await store.applyChanges([{ kind: 'case', id: 'x', deleted: true }], meta('2')))
      const { records } = await afterRestart()
      expect(records.cases).toEqual([])
      expect(records.residents).toEqual([aResident('x')])
    })

    it('keeps hundreds of records through restarts, changes and deletions', async () => {
      const expected = new Map<string, ReturnType<typeof aCase>>()
      for (let round = 0; round < 3; round++) {
        const changes: Change[] = []
        for (let index = round; index < 500; index += round + 1) {
          const id = `c${index}`
          if (index % 7 === round) {
            changes.push({ kind: 'case', id, deleted: true })
            expected.delete(id)
          } else {
            const record = aCase(id, { version: round + 1, subject: `Subject ${index} of ${round}` })
            changes.push(putCase(record))
            expected.set(id, record)
          }
        }
        unwrap(await store.applyChanges(changes, meta(String(round))))
        const { records } = await afterRestart()
        expect([...records.cases].sort(byId)).toEqual([...expected.values()].sort(byId))
      }
    })

    it('keeps who the adviser is, and script documents', async () => {
      const me = { me: anAdviser('a1'), asAt: 5 }
      const document = { scriptId: 'missed-bin', version: 2, document: { id: 'missed-bin' }, fetchedAt: 9 }
      unwrap(await store.putMeta({ ...emptyMeta, me }))
      unwrap(await store.putDocument(document))
      const contents = await afterRestart()
      expect(contents.meta.me).toEqual(me)
      expect(contents.documents).toEqual([document])
    })

    it('keeps answers that are not in the feed, apart from the cursor', async () => {
      expect((await afterRestart()).answers).toEqual(noAnswers)
      const directory = { directory: { asAt: at(0), entries: [] }, etag: '"one"' }
      unwrap(await store.putAnswers({ ...noAnswers, directory }))
      unwrap(await store.putMeta(meta('7')))
      const callHistory = { calls: [], asAt: 7 }
      unwrap(await store.putAnswers({ ...noAnswers, directory, callHistory }))
      const contents = await afterRestart()
      expect(contents.answers).toEqual({ ...noAnswers, directory, callHistory })
      expect(contents.meta).toEqual(meta('7'))
    })

    it('forgets records and cursor without touching work or who the adviser is', async () => {
      const me = { me: anAdviser('a1'), asAt: 5 }
      unwrap(await store.applyChanges([putCase(aCase('c1'))], { ...meta('1'), me }))
      unwrap(await store.putDocument({ scriptId: 's', version: 1, document: {}, fetchedAt: 1 }))
      unwrap(await store.save([anEntry(1, changeOf(1, 'c1', { status: 'resolved' }))]))
      unwrap(await store.putDraft(aDraft('k1')))
      unwrap(await store.putAnswers({ ...noAnswers, callHistory: { calls: [], asAt: 7 } }))
      unwrap(await store.forgetRecords())
      const contents = await afterRestart()
      expect(contents.records.cases).toEqual([])
      expect(contents.answers).toEqual(noAnswers)
      expect(contents.documents).toEqual([])
      expect(contents.meta).toEqual({ ...emptyMeta, me })
      expect(contents.outbox).toHaveLength(1)
      expect(contents.drafts).toEqual([aDraft('k1')])
    })

    it('says so when the database was deleted under it, and can be opened again', async () => {
      unwrap(await store.save([anEntry(1, noteOf(1))]))
      await bench.lose(disk)
      const answer = await store.save([anEntry(2, noteOf(2))])
      expect(answer).toMatchObject({ ok: false, error: { code: 'cases/store-lost' } })
      expect(unwrap(await store.open())).toMatchObject({ how: 'created', outbox: [] })
      unwrap(await store.save([anEntry(2, noteOf(2))]))
      expect((await afterRestart()).outbox).toEqual([anEntry(2, noteOf(2))])
    })

    it('does nothing more once it is closed', async () => {
      await store.close()
      expect(await store.save([anEntry(1, noteOf(1))])).toMatchObject({
        ok: false,
        error: { code: 'cases/not-open' },
      })
      store = await bench.store(disk)
      expect(unwrap(await store.open()).outbox).toEqual([])
    })

    it('leaves nothing behind after a wipe', async () => {
      unwrap(await store.save([anEntry(1, noteOf(1))]))
      await store.wipe()
      store = await bench.store(disk)
      expect(unwrap(await store.open()).how).toBe('created')
    })
  })
}
