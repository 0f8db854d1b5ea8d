import { newDraft } from '#shared/cases/new-draft.ts'
import type { OutboxEntry } from '#shared/cases/outbox.ts'
import type { Draft } from '#shared/contract/draft.ts'
import type {
  Callback,
  CaseRecord,
  Change,
  Contact,
  Me,
  Operation,
  Resident,
  TimelineEntry,
} from '#shared/contract/rest.ts'

/* Fictional records: names of no one, and Ofcom's drama telephone numbers. */

export const at = (minute: number): string => new Date(Date.UTC(2026, 4, 4, 9, minute)).toISOString()

export const aResident = (id: string, over: Partial<Resident> = {}): Resident => ({
  id,
  version: 1,
  updatedAt: at(0),
  givenName: 'Adaeze',
  familyName: 'Okafor',
  phones: ['+441632960142'],
  address: { uprn: '100000001', line1: '14 Elm Road', town: 'Wexcombe', postcode: 'WX1 4QA' },
  language: 'en',
  ...over,
})

export const aCase = (id: string, over: Partial<CaseRecord> = {}): CaseRecord => ({
  id,
  version: 1,
  updatedAt: at(0),
  openedAt: at(0),
  reference: `WST-2026-${id}`,
  residentId: null,
  serviceCode: 525,
  interactionCode: 8,
  serviceName: 'Missed bin collections',
  subject: 'Missed bin',
  status: 'open',
  queueId: 'waste',
  assignedTo: null,
  fields: {},
  ...over,
})

export const aNote = (id: string, over: Partial<TimelineEntry> = {}): TimelineEntry => ({
  id,
  caseId: null,
  residentId: null,
  contactId: null,
  at: at(0),
  kind: 'note',
  text: 'The lid was broken.',
  by: 'Sam Pryce',
  ...over,
})

export const aContact = (id: string, over: Partial<Contact> = {}): Contact => ({
  id,
  version: 1,
  updatedAt: at(0),
  channel: 'telephone',
  direction: 'inbound',
  queueId: 'waste',
  startedAt: at(0),
  endedAt: null,
  residentId: null,
  caseId: null,
  disposition: null,
  identity: null,
  script: null,
  callId: null,
  ...over,
})

export const aCallback = (id: string, over: Partial<Callback> = {}): Callback => ({
  id,
  version: 1,
  updatedAt: at(0),
  number: '+441632960142',
  name: 'Adaeze Okafor',
  reason: 'Wants to know when the bin is emptied.',
  residentId: null,
  caseId: null,
  contactId: null,
  dueFrom: at(0),
  dueBy: at(59),
  assignedTo: null,
  queueId: null,
  status: 'due',
  closedAt: null,
  ...over,
})

export const anAdviser = (id: string): Me => ({
  contractVersion: 1,
  serverTime: at(0),
  adviser: { id, username: id, name: `Adviser ${id}`, languages: ['en'] },
  council: { name: 'Wexcombe Council', website: 'https://wexcombe.example.org', facts: {} },
  sip: {
    uri: `sip:${id}@wexcombe.example.org`,
    authorizationUsername: id,
    password: 'practice',
    displayName: `Adviser ${id}`,
    servers: ['wss://wexcombe.example.org/sip'],
  },
  iceServers: [],
  queues: [],
  dispositions: [],
  notReadyReasons: [],
  wrapUpSeconds: 60,
  cacheLeaseDays: 7,
})

/** A made-up identifier of the right form, the same for the same number. */
export const uuidOf = (number: number): string =>
  `00000000-0000-4000-8000-${number.toString(16).padStart(12, '0')}`

export const createOf = (number: number, caseId: string, over: Partial<CaseRecord> = {}): Operation => {
  const {
    id: _id,
    version: _version,
    updatedAt: _updatedAt,
    reference: _reference,
    ...record
  } = aCase(caseId, over)
  return { kind: 'case.create', id: uuidOf(number), at: at(number % 60), caseId, record }
}

export const changeOf = (
  number: number,
  caseId: string,
  change: Extract<Operation, { kind: 'case.change' }>['change'],
  baseVersion = 1,
): Operation => ({
  kind: 'case.change',
  id: uuidOf(number),
  at: at(number % 60),
  caseId,
  baseVersion,
  change,
})

type NoteOperation = Extract<Operation, { kind: 'timeline.append' }>

export const noteOf = (number: number, over: Partial<NoteOperation['entry']> = {}): NoteOperation => {
  const { id: _id, by: _by, ...entry } = aNote('')
  return {
    kind: 'timeline.append',
    id: uuidOf(number),
    at: at(number % 60),
    entryId: `note-${number}`,
    entry: { ...entry, at: at(number % 60), ...over },
  }
}

export const contactOf = (
  number: number,
  contactId: string,
  fields: Extract<Operation, { kind: 'contact.save' }>['fields'] = {},
): Operation => ({ kind: 'contact.save', id: uuidOf(number), at: at(number % 60), contactId, fields })

export const callbackOf = (
  number: number,
  callbackId: string,
  fields: Extract<Operation, { kind: 'callback.save' }>['fields'],
): Operation => ({ kind: 'callback.save', id: uuidOf(number), at: at(number % 60), callbackId, fields })

export const anEntry = (
  sequence: number,
  operation: Operation,
  state: OutboxEntry['state'] = { name: 'pending' },
): OutboxEntry => ({ sequence, savedAt: Date.parse(operation.at), operation, state })

export const aDraft = (contactId: string, over: Partial<Draft> = {}): Draft =>
  newDraft({ contactId, startedAt: 0, channel: 'telephone', direction: 'inbound', ...over })

export const putResident = (record: Resident): Change => ({ kind: 'resident', id: record.id, record })
export const putCase = (record: CaseRecord): Change => ({ kind: 'case', id: record.id, record })
export const putContact = (record: Contact): Change => ({ kind: 'contact', id: record.id, record })
export const putNote = (record: TimelineEntry): Change => ({ kind: 'timeline', id: record.id, record })
export const putCallback = (record: Callback): Change => ({ kind: 'callback', id: record.id, record })
