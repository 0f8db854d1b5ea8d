import type { Page } from 'playwright-core'
import type { CaseStore } from '#shared/cases/case-store.ts'
import type { RecordReader } from '#shared/cases/record-reader.ts'
import type { CaseStores } from './store-page.ts'

type Globals = { readonly caseStores: CaseStores }

/** A DexieCaseStore that lives in a browser page, called from Node. */
export async function remoteCaseStore(page: Page, diskName: string, keyByte: number): Promise<CaseStore> {
  const store = await page.evaluate(
    ([name, key]) => (globalThis as unknown as Globals).caseStores.create(name, key),
    [diskName, keyByte] as const,
  )
  const call =
    (method: string) =>
    (...args: readonly unknown[]): Promise<unknown> =>
      page.evaluate(
        ([number, name, parameters]) =>
          (globalThis as unknown as Globals).caseStores.call(number, name, parameters),
        [store, method, args] as const,
      )
  const read: Readonly<Record<keyof RecordReader, unknown>> = {
    count: call('records.count'),
    resident: call('records.resident'),
    caseRecord: call('records.caseRecord'),
    contact: call('records.contact'),
    timelineOfCase: call('records.timelineOfCase'),
    timelineOfContact: call('records.timelineOfContact'),
    contactsStartedSince: call('records.contactsStartedSince'),
    residentSummaries: call('records.residentSummaries'),
    caseSummaries: call('records.caseSummaries'),
    residentsByPhone: call('records.residentsByPhone'),
    residentsByPostcode: call('records.residentsByPostcode'),
    casesOfResident: call('records.casesOfResident'),
    caseByReference: call('records.caseByReference'),
    newestCases: call('records.newestCases'),
    find: call('records.find'),
  }
  const methods: Readonly<Record<keyof CaseStore, unknown>> = {
    records: read,
    open: call('open'),
    save: call('save'),
    changeOutbox: call('changeOutbox'),
    putDraft: call('putDraft'),
    deleteDraft: call('deleteDraft'),
    applyChanges: call('applyChanges'),
    startReading: call('startReading'),
    putMeta: call('putMeta'),
    putDocument: call('putDocument'),
    putAnswers: call('putAnswers'),
    forgetRecords: call('forgetRecords'),
    evict: call('evict'),
    room: call('room'),
    wipe: call('wipe'),
    close: call('close'),
  }
  return methods as CaseStore
}
