import type { UnsentOperation } from '#shared/contract/records.ts'
import type { Operation } from '#shared/contract/rest.ts'

/** Unsent work of one contact, as the records worker tells it. */
export const at = '2026-11-03T10:04:00.000Z'

export const uuid = (number: number): string => `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`

export const caseMade: Operation = {
  kind: 'case.create',
  id: uuid(1),
  at,
  caseId: 'case-1',
  record: {
    openedAt: at,
    residentId: 'resident-1',
    serviceCode: 524,
    interactionCode: 17,
    serviceName: 'Missed collection',
    subject: 'Missed bin: recycling',
    status: 'open',
    queueId: 'waste',
    assignedTo: null,
    fields: { binType: 'recycling', bins: 2 },
  },
}

export const caseChanged: Operation = {
  kind: 'case.change',
  id: uuid(2),
  at,
  caseId: 'case-1',
  baseVersion: 3,
  change: { status: 'in-progress', fields: { binType: 'garden', outInTime: null } },
}

export const contactSaved: Operation = {
  kind: 'contact.save',
  id: uuid(3),
  at,
  contactId: 'contact-1',
  fields: { channel: 'telephone', startedAt: at, endedAt: null, residentId: null, caseId: 'case-1' },
}

export const note: Operation = {
  kind: 'timeline.append',
  id: uuid(4),
  at,
  entryId: 'entry-1',
  entry: {
    caseId: 'case-1',
    residentId: null,
    contactId: 'contact-1',
    at,
    kind: 'note',
    text: 'Side gate\nis open.',
  },
}

export const row = (operation: Operation, change: Partial<UnsentOperation> = {}): UnsentOperation => ({
  operation,
  savedAt: Date.parse(at),
  tries: 0,
  lastFailure: null,
  standing: { name: 'waiting' },
  decision: null,
  ...change,
})
