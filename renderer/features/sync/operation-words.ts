import { fieldWords, statusWords } from '#renderer/ui/case-words.ts'
import { spokenNumber } from '#renderer/ui/telephone.ts'
import { dateAndTime, timeOfDay } from '#renderer/ui/time.ts'
import type { CaseStatus, FieldValue, Operation } from '#shared/contract/rest.ts'

/** What the ids in operations are called. Null when this desk does not know. */
export interface Names {
  caseName(caseId: string): string | null
  residentName(residentId: string): string | null
  queueName(queueId: string): string | null
}

export interface Part {
  /** Where it is in the operation, such as `record.fields.binType`. */
  readonly path: string
  readonly label: string
  readonly value: FieldValue
  readonly words: string
  /** Words or a number that a person may put right. */
  readonly editable: boolean
}

const ofCase = (names: Names, caseId: string): string => names.caseName(caseId) ?? 'a case of this desk'

const ofResident = (names: Names, residentId: string): string =>
  names.residentName(residentId) ?? 'a resident who is not in this desk’s records'

/** What an operation does, in one line. */
export function titleOf(operation: Operation): string {
  switch (operation.kind) {
    case 'contact.save':
      return operation.fields.endedAt == null ? 'Contact' : 'Contact, ended'
    case 'case.create':
      return 'New case'
    case 'case.change':
      return 'Change to a case'
    case 'timeline.append':
      return (
        { note: 'Note', contact: 'Account of the contact', risk: 'Log of a risk to life' }[
          operation.entry.kind as string
        ] ?? 'Entry in the timeline'
      )
    case 'callback.save':
      return operation.fields.status === 'done'
        ? 'Promised call: made'
        : operation.fields.status === 'given-up'
          ? 'Promised call: given up'
          : 'Promise to call back'
    case 'contact.hand-over':
      return 'What goes with a call passed on'
    case 'alert.raise':
      return 'Alert to the supervisors'
    case 'script.report':
      return 'Report on a step of a script'
    case 'resident.create':
      return 'New resident'
    case 'resident.change':
      return 'Change to a resident’s details'
    case 'resident.merge':
      return 'Two records made one'
    case 'resident.unmerge':
      return 'Two records parted again'
    case 'warning.save':
      return 'Warning about a resident'
    case 'warning.remove':
      return 'Warning removed'
  }
}

/** Which case, resident or contact it is about, in one line. */
export function subjectWords(operation: Operation, names: Names): string {
  const ids = idsOf(operation)
  if (operation.kind === 'resident.create')
    return `${operation.record.givenName} ${operation.record.familyName}`
  if (operation.kind === 'resident.unmerge') return 'a resident'
  if (operation.kind === 'case.create') {
    const { subject, residentId } = operation.record
    return [subject, ...(residentId === null ? [] : [ofResident(names, residentId)])].join(', ')
  }
  const words = [
    ...(ids.caseId === null ? [] : [ofCase(names, ids.caseId)]),
    ...(ids.residentId === null ? [] : [ofResident(names, ids.residentId)]),
  ]
  if (words.length > 0) return words.join(', ')
  if (operation.kind === 'callback.save')
    return operation.fields.name || (operation.fields.number ? spokenNumber(operation.fields.number) : '')
  if (operation.kind === 'script.report') return `step ${operation.report.stepId}`
  const { startedAt, channel } = contactFacts(operation)
  return startedAt === null ? 'a contact' : `${channel} of ${timeOfDay(startedAt)}`
}

function contactFacts(operation: Operation): {
  readonly startedAt: string | null
  readonly channel: string
} {
  const fields = operation.kind === 'contact.save' ? operation.fields : {}
  return { startedAt: fields.startedAt ?? null, channel: fieldWords(fields.channel ?? 'contact') }
}

/** The case and the resident that it names, wherever it names them. */
export function idsOf(operation: Operation): {
  readonly caseId: string | null
  readonly residentId: string | null
  readonly contactId: string | null
} {
  const found = new Map<string, string>()
  walk(operation, '', (path, value) => {
    const key = lastOf(path)
    if (typeof value === 'string' && !found.has(key)) found.set(key, value)
  })
  return {
    caseId: found.get('caseId') ?? null,
    residentId: found.get('residentId') ?? found.get('keptId') ?? null,
    contactId: found.get('contactId') ?? null,
  }
}

/** Not for people, or told elsewhere. */
const hidden = new Set(['kind', 'id', 'at', 'baseVersion', 'callId', 'version', 'contactId', 'entryId'])
const labels: Readonly<Record<string, string>> = {
  caseId: 'Case',
  residentId: 'Resident',
  queueId: 'Queue',
  assignedTo: 'Assigned to',
  serviceCode: 'Service (LGSL)',
  interactionCode: 'Interaction (LGIL)',
  serviceName: 'Service',
  startedAt: 'Began',
  endedAt: 'Ended',
  openedAt: 'Opened',
  dueFrom: 'Promised from',
  dueBy: 'Promised by',
  closedAt: 'Closed',
  text: 'Words',
  take: 'Taken from the other record',
  reviewBy: 'Look at it again by',
  expiresAt: 'Ends on',
  disposition: 'How it ended',
  uprn: 'Property (UPRN)',
  line1: 'Address, first line',
}
const choices = new Set([
  'status',
  'channel',
  'direction',
  'disposition',
  'level',
  'method',
  'party',
  'language',
  'assistance',
])

/** Everything it says, one fact a line, in the order it was written. */
export function partsOf(operation: Operation, names: Names): readonly Part[] {
  const parts: Part[] = []
  walk(operation, '', (path, value) => {
    const key = lastOf(path)
    const isOwn = path.includes('fields.') && operation.kind.startsWith('case.')
    const isMeta = hidden.has(key) || key === 'caseId' || (!path.includes('.') && key.endsWith('Id'))
    // Only a change says that something is to be empty.
    if (value === null && !path.startsWith('change.')) return
    if (path.startsWith('baseVersions.') || (path === 'take' && isEmpty(value))) return
    if (!isOwn && (isMeta || path === 'script.version' || path === 'entry.kind')) return
    parts.push({
      path,
      label: isOwn ? fieldWords(key) : (labels[key] ?? fieldWords(key)),
      value,
      words: wordsOf(key, value, names),
      editable: isOwn
        ? typeof value === 'string' || typeof value === 'number'
        : typeof value === 'string' && !key.endsWith('Id') && !choices.has(key) && !isoLike.test(value),
    })
  })
  return parts
}

const isEmpty = (value: FieldValue): boolean => Array.isArray(value) && value.length === 0
const isoLike = /^\d{4}-\d\d-\d\dT\d\d:\d\d/
const e164Like = /^\+\d{7,15}$/

/** A value as people read it, by the name of its field. */
export function wordsOf(key: string, value: FieldValue, names: Names): string {
  if (value === null || value === '') return key === 'residentId' ? 'nobody' : 'none'
  if (typeof value === 'boolean') return value ? 'Yes' : 'No'
  if (Array.isArray(value)) return value.map((each) => wordsOf('', each, names)).join(', ') || 'none'
  if (typeof value === 'number') return String(value)
  if (key === 'caseId') return ofCase(names, value)
  if (key === 'residentId') return ofResident(names, value)
  if (key === 'queueId') return names.queueName(value) ?? value
  if (key === 'status' && value in statusWords) return statusWords[value as CaseStatus]
  if (key === 'language') return value === 'cy' ? 'Welsh' : 'English'
  if (isoLike.test(value)) return dateAndTime(value)
  if (e164Like.test(value)) return spokenNumber(value)
  return choices.has(key) ? fieldWords(value) : value
}

const lastOf = (path: string): string => path.slice(path.lastIndexOf('.') + 1)

function walk(value: unknown, path: string, visit: (path: string, value: FieldValue) => void): void {
  if (value === undefined) return
  if (value !== null && typeof value === 'object' && !isListOfText(value)) {
    for (const [name, member] of Object.entries(value)) {
      walk(member, path === '' ? name : `${path}.${name}`, visit)
    }
    return
  }
  visit(path, value as FieldValue)
}

const isListOfText = (value: unknown): boolean =>
  Array.isArray(value) && value.every((each) => typeof each === 'string')
