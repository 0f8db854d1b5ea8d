import type { CaseStore } from '#shared/cases/case-store.ts'
import type { FileStore } from '#shared/cases/file-store.ts'

/** Does what it is given as a step of a process that takes its time and may die in it. */
type Step = <T>(run: () => Promise<T>) => Promise<T>

/** A store of records each of whose calls is a step, one after the other. */
export function steppedCaseStore(store: CaseStore, step: Step): CaseStore {
  let last: Promise<unknown> = Promise.resolve()
  const inTurn: Step = (run) => {
    const turn = last.then(() => step(run))
    last = turn
    return turn
  }
  return {
    get records() {
      return store.records
    },
    open: () => inTurn(() => store.open()),
    save: (entries) => inTurn(() => store.save(entries)),
    changeOutbox: (put, removeIds) => inTurn(() => store.changeOutbox(put, removeIds)),
    putDraft: (draft) => inTurn(() => store.putDraft(draft)),
    deleteDraft: (contactId) => inTurn(() => store.deleteDraft(contactId)),
    applyChanges: (changes, meta) => inTurn(() => store.applyChanges(changes, meta)),
    startReading: (meta) => inTurn(() => store.startReading(meta)),
    putMeta: (meta) => inTurn(() => store.putMeta(meta)),
    putDocument: (document) => inTurn(() => store.putDocument(document)),
    putAnswers: (answers) => inTurn(() => store.putAnswers(answers)),
    forgetRecords: () => inTurn(() => store.forgetRecords()),
    evict: (notChangedSince) => inTurn(() => store.evict(notChangedSince)),
    room: () => store.room(),
    wipe: () => inTurn(() => store.wipe()),
    close: () => inTurn(() => store.close()),
  }
}

/** A store of files each of whose calls is a step. */
export function steppedFileStore(store: FileStore, step: Step): FileStore {
  return {
    open: () => step(() => store.open()),
    add: (file, bytes) => step(() => store.add(file, bytes)),
    put: (file) => step(() => store.put(file)),
    part: (fileId, index) => step(() => store.part(fileId, index)),
    remove: (fileId) => step(() => store.remove(fileId)),
    wipe: () => step(() => store.wipe()),
    close: () => step(() => store.close()),
  }
}
