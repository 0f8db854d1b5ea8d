import type { Operation } from '#shared/contract/rest.ts'
import { type FakeCouncil, refusedWords } from './fake-council.ts'
import { poisonWords } from './sim-wire.ts'

/** Whether an operation may be refused: it says so, or what it needs is not there because that was. */
export function mayBeRefused(operation: Operation, council: FakeCouncil): boolean {
  const caseExists = (caseId: string) => council.cases.has(caseId)
  if (JSON.stringify(operation).includes(poisonWords)) return true
  switch (operation.kind) {
    case 'case.create':
      return operation.record.subject.includes(refusedWords)
    case 'case.change':
      return !caseExists(operation.caseId)
    case 'contact.save':
      return !!operation.fields.caseId && !caseExists(operation.fields.caseId)
    case 'timeline.append':
      return operation.entry.caseId !== null && !caseExists(operation.entry.caseId)
    case 'callback.save':
      return (
        !council.callbacks.has(operation.callbackId) ||
        (!!operation.fields.caseId && !caseExists(operation.fields.caseId))
      )
    case 'contact.hand-over':
    case 'alert.raise':
    case 'script.report':
    case 'resident.create':
    case 'resident.change':
    case 'resident.merge':
    case 'resident.unmerge':
    case 'warning.save':
    case 'warning.remove':
      return false
  }
}

/** Ids of what an operation changes. */
export function subjects(operation: Operation): readonly string[] {
  switch (operation.kind) {
    case 'contact.save':
      return [operation.contactId]
    case 'case.create':
    case 'case.change':
      return [operation.caseId]
    case 'timeline.append':
      return [operation.entryId]
    case 'callback.save':
      return [operation.callbackId]
    case 'resident.create':
    case 'resident.change':
    case 'warning.save':
    case 'warning.remove':
      return [operation.residentId]
    case 'resident.merge':
    case 'resident.unmerge':
      return [operation.mergeId]
    case 'contact.hand-over':
      return [operation.contactId]
    case 'alert.raise':
      return [operation.alertId]
    case 'script.report':
      return [operation.reportId]
  }
}
