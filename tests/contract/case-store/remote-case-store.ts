import type { Page } from 'playwright-core'
import type { CaseStore } from '#shared/cases/case-store.ts'
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
  const methods: Readonly<Record<keyof CaseStore, unknown>> = {
    open: call('open'),
    save: call('save'),
    changeOutbox: call('changeOutbox'),
    putDraft: call('putDraft'),
    deleteDraft: call('deleteDraft'),
    applyChanges: call('applyChanges'),
    putMeta: call('putMeta'),
    putDocument: call('putDocument'),
    putAnswers: call('putAnswers'),
    forgetRecords: call('forgetRecords'),
    wipe: call('wipe'),
    close: call('close'),
  }
  return methods as CaseStore
}
