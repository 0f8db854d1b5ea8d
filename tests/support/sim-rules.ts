import { subjectOf } from '#shared/cases/outbox.ts'
import type { Operation } from '#shared/contract/rest.ts'
import { type FakeCouncil, refusedWords } from './fake-council.ts'
import { poisonWords } from './sim-service.ts'

/** Refusals that are the answer to what somebody else did meanwhile. */
const overtaken: Partial<Record<Operation['kind'], readonly string[]>> = {
  'resident.change': ['resident/merged'],
  'resident.merge': ['resident/merged', 'resident/changed'],
  'resident.unmerge': ['merge/later-merge', 'merge/undone-already'],
  'warning.remove': ['warning/unknown'],
}

/** What an operation needs and may not be there, or is there already, because something was refused or let go. */
function lacks(operation: Operation, council: FakeCouncil, letGo: ReadonlySet<string>): readonly string[] {
  const resident = (id: string | null | undefined) =>
    id && (!council.residents.records.has(id) || letGo.has(`resident:${id}`)) ? ['resident/unknown'] : []
  const aCase = (id: string | null | undefined) =>
    id && (!council.cases.has(id) || letGo.has(`case:${id}`)) ? ['case/unknown'] : []
  switch (operation.kind) {
    case 'case.create':
      return [
        ...resident(operation.record.residentId),
        // Decided on once more after a crash in the middle of deciding: the first decision has made it.
        ...(letGo.has(`case:${operation.caseId}`) ? ['case/exists'] : []),
      ]
    case 'case.change':
      return [...aCase(operation.caseId), ...resident(operation.change.residentId)]
    case 'contact.save':
      return [
        ...aCase(operation.fields.caseId),
        ...resident(operation.fields.residentId),
        ...(council.contacts.has(operation.contactId) ? [] : ['contact/incomplete']),
      ]
    case 'timeline.append':
      return [...aCase(operation.entry.caseId), ...resident(operation.entry.residentId)]
    case 'callback.save':
      return [
        ...aCase(operation.fields.caseId),
        ...(council.callbacks.has(operation.callbackId) && !letGo.has(subjectOf(operation))
          ? []
          : ['callback/incomplete']),
      ]
    case 'resident.change':
    case 'warning.save':
    case 'warning.remove':
      return resident(operation.residentId)
    case 'resident.merge':
      return [...resident(operation.keptId), ...resident(operation.goneId)]
    case 'resident.unmerge':
      return ['merge/unknown']
    default:
      return []
  }
}

/**
 * Whether an operation may be refused so: it says so itself, something it needs is not there, or it came too late.
 * `letGo` are the records of which the desk took something back, which may have come in another order since.
 */
export function mayBeRefused(
  operation: Operation,
  code: string,
  council: FakeCouncil,
  letGo: ReadonlySet<string>,
): boolean {
  if (JSON.stringify(operation).includes(poisonWords)) return true
  if (operation.kind === 'case.create' && operation.record.subject.includes(refusedWords)) {
    return code === 'case/not-allowed'
  }
  return [...(overtaken[operation.kind] ?? []), ...lacks(operation, council, letGo)].includes(code)
}

/** The record that operations change in the order in which they were saved; null for what is only added. */
export function subjectInOrder(operation: Operation): string | null {
  switch (operation.kind) {
    case 'contact.save':
      return operation.contactId
    case 'case.create':
    case 'case.change':
      return operation.caseId
    case 'callback.save':
      return operation.callbackId
    case 'resident.create':
    case 'resident.change':
    case 'warning.save':
    case 'warning.remove':
      return operation.residentId
    case 'resident.merge':
    case 'resident.unmerge':
      return operation.mergeId
    default:
      return null
  }
}
