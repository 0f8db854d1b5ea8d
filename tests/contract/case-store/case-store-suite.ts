import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type CacheContents, type CaseStore, emptyMeta, noAnswers } from '#shared/cases/case-store.ts'
import { summaryOfCase, summaryOfResident } from '#shared/cases/record-reader.ts'
import type { Change } from '#shared/contract/rest.ts'
import type { Result } from '#shared/kernel/result.ts'
import {
  aCallback,
  aCase,
  aContact,
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
  putContact,
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

const meta = (cursor: string) => ({ ...emptyMeta, cursor, asAt: 1_000 })

const idsOf = (records: readonly { readonly id: string }[]): readonly string[] =>
  records.map(({ id }) => id).sort()

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
        putNote(aNote('n1', { caseId: 'c1' })),
        putCallback(aCallback('b1')),
      ]
      unwrap(await store.applyChanges(changes, meta('7')))
      const contents = await afterRestart()
      expect(contents.meta).toEqual(meta('7'))
      expect(contents.callbacks).toEqual([aCallback('b1')])
      expect(contents.scripts).toEqual([])
      expect(await store.records.count()).toBe(4)
      expect(await store.records.resident('r1')).toEqual(aResident('r1'))
      expect(await store.records.caseRecord('c1')).toEqual(aCase('c1'))
      expect(await store.records.timelineOfCase('c1')).toEqual([aNote('n1', { caseId: 'c1' })])
    })

    it('lets the later change of a record win, in one page and across pages', async () => {
      const version = (number: number) => putCase(aCase('c1', { version: number }))
      unwrap(await store.applyChanges([version(1), version(2)], meta('1')))
      unwrap(await store.applyChanges([version(3)], meta('2')))
      await afterRestart()
      expect(await store.records.caseRecord('c1')).toEqual(aCase('c1', { version: 3 }))
    })

    it('deletes records, also ones it never had', async () => {
      unwrap(await store.applyChanges([putCase(aCase('c1')), putCase(aCase('c2'))], meta('1')))
      const gone: Change[] = ['c1', 'c9'].map((id) => ({ kind: 'case', id, deleted: true }))
      unwrap(await store.applyChanges(gone, meta('2')))
      await afterRestart()
      expect(await store.records.caseRecord('c1')).toBeNull()
      expect(await store.records.caseRecord('c2')).toEqual(aCase('c2'))
      expect(await store.records.count()).toBe(1)
    })

    it('tells records of different kinds with the same id apart', async () => {
      unwrap(await store.applyChanges([putCase(aCase('x')), putResident(aResident('x'))], meta('1')))
      unwrap(await store.applyChanges([{ kind: 'case', id: 'x', deleted: true }], meta('2')))
      await afterRestart()
      expect(await store.records.caseRecord('x')).toBeNull()
      expect(await store.records.resident('x')).toEqual(aResident('x'))
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
        await afterRestart()
        expect(await store.records.count()).toBe(expected.size)
        const ids = Array.from({ length: 500 }, (_, index) => `c${index}`)
        const found = await Promise.all(ids.map((id) => store.records.caseRecord(id)))
        expect(found).toEqual(ids.map((id) => expected.get(id) ?? null))
      }
    })

    it('finds residents by any of their numbers and by postcode, as they are now', async () => {
      const elsewhere = { uprn: '2', line1: '3 Mill Lane', town: 'Wexcombe', postcode: 'WX2 9ZZ' }
      unwrap(
        await store.applyChanges(
          [
            putResident(aResident('r1')),
            putResident(aResident('r2', { phones: ['+441632960142', '+447700900123'], address: elsewhere })),
          ],
          meta('1'),
        ),
      )
      const byPhone = async (e164: string) => idsOf(await store.records.residentsByPhone(e164))
      expect(await byPhone('+441632960142')).toEqual(['r1', 'r2'])
      expect(await byPhone('+447700900123')).toEqual(['r2'])
      expect(await byPhone('+441632960999')).toEqual([])
      expect(idsOf(await store.records.residentsByPostcode('WX2 9ZZ'))).toEqual(['r2'])
      unwrap(
        await store.applyChanges([putResident(aResident('r2', { phones: ['+447700900124'] }))], meta('2')),
      )
      const now = async () => [
        await byPhone('+441632960142'),
        await byPhone('+447700900123'),
        await byPhone('+447700900124'),
        idsOf(await store.records.residentsByPostcode('WX2 9ZZ')),
      ]
      expect(await now()).toEqual([['r1'], [], ['r2'], []])
      await afterRestart()
      expect(await now()).toEqual([['r1'], [], ['r2'], []])
    })

    it('opens what is left of a merged record, and finds nobody by it', async () => {
      const gone = aResident('r2', { phones: ['+447700900123'], mergedInto: 'r1' })
      const shown = async () => [
        idsOf(await store.records.residentsByPhone('+447700900123')),
        idsOf(await store.records.residentsByPostcode(gone.address.postcode)),
        (await store.records.resident('r2'))?.mergedInto,
      ]
      unwrap(await store.applyChanges([putResident(aResident('r1')), putResident(gone)], meta('1')))
      expect(await shown()).toEqual([[], ['r1'], 'r1'])
      unwrap(await store.applyChanges([putResident({ ...gone, version: 2 })], meta('2')))
      expect(await shown()).toEqual([[], ['r1'], 'r1'])
      const { hits } = await store.records.find('okafor', 10)
      expect(hits.map((hit) => hit.kind === 'resident' && hit.resident.id)).toEqual(['r1'])
      await afterRestart()
      expect(await shown()).toEqual([[], ['r1'], 'r1'])
    })

    it('sums up a resident and a case without the rest of them', async () => {
      const resident = aResident('r1', { title: 'Mrs', language: 'cy' })
      const record = aCase('c1', { residentId: 'r1', assignedTo: 'a1', fields: { bin: 'green' } })
      unwrap(await store.applyChanges([putResident(resident), putCase(record)], meta('1')))
      await afterRestart()
      expect(await store.records.residentSummaries(['r9', 'r1'])).toEqual([summaryOfResident(resident)])
      expect(await store.records.caseSummaries(['c1', 'c9'])).toEqual([summaryOfCase(record)])
      expect(await store.records.caseByReference('WST-2026-c1')).toEqual(summaryOfCase(record))
      expect(await store.records.caseByReference('WST-2026-c9')).toBeNull()
    })

    it('finds the cases of a resident, and the newest of a status or an adviser', async () => {
      const changes = Array.from({ length: 12 }, (_, index) =>
        putCase(
          aCase(`c${index}`, {
            residentId: index % 2 ? 'r1' : 'r2',
            status: index % 3 ? 'open' : 'closed',
            assignedTo: index % 4 ? null : 'a1',
            updatedAt: at(index),
          }),
        ),
      )
      unwrap(await store.applyChanges(changes, meta('1')))
      unwrap(
        await store.applyChanges([putCase(aCase('c1', { residentId: 'r2', updatedAt: at(30) }))], meta('2')),
      )
      const now = async () => ({
        r1: idsOf(await store.records.casesOfResident('r1')),
        open: (await store.records.newestCases({ status: 'open' }, 3)).map(({ id }) => id),
        mine: (await store.records.newestCases({ assignedTo: 'a1' }, 9)).map(({ id }) => id),
        mineClosed: (await store.records.newestCases({ assignedTo: 'a1', status: 'closed' }, 9)).map(
          ({ id }) => id,
        ),
      })
      const expected = {
        r1: ['c11', 'c3', 'c5', 'c7', 'c9'],
        open: ['c1', 'c11', 'c10'],
        mine: ['c8', 'c4', 'c0'],
        mineClosed: ['c0'],
      }
      expect(await now()).toEqual(expected)
      await afterRestart()
      expect(await now()).toEqual(expected)
    })

    it('finds what was written in a contact, and the contacts begun since a time', async () => {
      const changes = [
        putContact(aContact('k1', { startedAt: at(1) })),
        putContact(aContact('k2', { startedAt: at(20) })),
        putNote(aNote('n1', { contactId: 'k1', caseId: 'c1' })),
        putNote(aNote('n2', { contactId: 'k2' })),
      ]
      unwrap(await store.applyChanges(changes, meta('1')))
      await afterRestart()
      expect(idsOf(await store.records.timelineOfContact('k1'))).toEqual(['n1'])
      expect(idsOf(await store.records.contactsStartedSince(Date.parse(at(20))))).toEqual(['k2'])
      expect(await store.records.contact('k1')).toEqual(aContact('k1', { startedAt: at(1) }))
    })

    it('says which records a page may be showing of what changed', async () => {
      const touched = async (...changes: readonly Change[]) =>
        [...unwrap(await store.applyChanges(changes, meta('1')))].sort()
      await touched(putCase(aCase('c1', { residentId: 'r1' })))
      expect(await touched(putCase(aCase('c1', { residentId: 'r2' })))).toEqual(['c1', 'r1', 'r2'])
      expect(await touched(putNote(aNote('n1', { caseId: 'c1', contactId: 'k1' })))).toEqual([
        'c1',
        'k1',
        'n1',
      ])
    })

    it('drops what a reading from the beginning does not tell again, at its end and not before', async () => {
      const told = (id: string, version: number) => putCase(aCase(id, { version, residentId: `r-${id}` }))
      unwrap(
        await store.applyChanges([told('c1', 1), told('c2', 1), putCallback(aCallback('b1'))], meta('9')),
      )
      const rereading = { ...meta('1'), rereading: true }
      unwrap(await store.startReading({ ...rereading, cursor: null }))
      unwrap(await store.applyChanges([told('c2', 2)], rereading))
      expect(await store.records.count()).toBe(3)
      const touched = unwrap(await store.applyChanges([told('c3', 1)], meta('2')))
      expect(touched).toEqual(expect.arrayContaining(['c1', 'c3']))
      expect(touched).not.toContain('c2')
      const shown = () => Promise.all(['c1', 'c2', 'c3'].map((id) => store.records.caseRecord(id)))
      const versions = async () => (await shown()).map((record) => record?.version)
      expect(await versions()).toEqual([undefined, 2, 1])
      const contents = await afterRestart()
      expect(contents.meta).toEqual(meta('2'))
      expect(contents.callbacks).toEqual([])
      expect(await versions()).toEqual([undefined, 2, 1])
      expect(await store.records.count()).toBe(2)
    })

    it('has what it had when a reading from the beginning is broken off and begun anew', async () => {
      unwrap(await store.applyChanges([putCase(aCase('c1')), putCase(aCase('c2'))], meta('9')))
      const rereading = { ...meta('1'), rereading: true }
      unwrap(await store.startReading({ ...rereading, cursor: null }))
      unwrap(await store.applyChanges([putCase(aCase('c3'))], rereading))
      expect((await afterRestart()).meta.rereading).toBe(true)
      expect(await store.records.caseRecord('c1')).toEqual(aCase('c1'))
      unwrap(await store.startReading({ ...rereading, cursor: null }))
      unwrap(await store.applyChanges([putCase(aCase('c1'))], meta('2')))
      await afterRestart()
      expect(await store.records.count()).toBe(1)
    })

    it('lets go of closed cases that nobody has touched for long, with what belongs to them', async () => {
      const changes = [
        putCase(aCase('old', { status: 'closed', updatedAt: at(0) })),
        putCase(aCase('old-open', { updatedAt: at(0) })),
        putCase(aCase('new', { status: 'closed', updatedAt: at(9) })),
        ...['old', 'old-open', 'new'].map((caseId) => putNote(aNote(`n-${caseId}`, { caseId }))),
      ]
      unwrap(await store.applyChanges(changes, meta('1')))
      unwrap(await store.save([anEntry(1, noteOf(1, { caseId: 'old' }))]))
      unwrap(await store.evict(Date.parse(at(5))))
      expect((await afterRestart()).outbox).toHaveLength(1)
      const { records } = store
      expect(await records.caseRecord('old')).toBeNull()
      expect(await records.timelineOfCase('old')).toEqual([])
      expect(await records.caseRecord('old-open')).not.toBeNull()
      expect(await records.timelineOfCase('new')).toHaveLength(1)
      expect(await records.count()).toBe(4)
    })

    it('finds people by what is typed', async () => {
      unwrap(await store.applyChanges([putResident(aResident('r1')), putCase(aCase('c1'))], meta('1')))
      const { hits, total } = await store.records.find('okaf', 10)
      expect([total, hits[0]?.kind]).toEqual([1, 'resident'])
      expect((await store.records.find('nobody', 10)).hits).toEqual([])
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
      expect(await store.records.count()).toBe(0)
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
