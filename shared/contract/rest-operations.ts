import { z } from 'zod'
import {
  address,
  alert,
  assistance,
  callback,
  caseRecord,
  caseStatus,
  contact,
  fieldValue,
  handOver,
  resident,
  timelineEntry,
  warning,
} from './rest-records.ts'
import { e164, id, isoTime, problem } from './rest-values.ts'

/* What a desk asks the service to do to the records. */

const operationBase = z.object({
  /** Made by the desk; sending an operation twice applies it once. */
  id: z.uuid(),
  /** When the adviser did it, by the desk's clock. */
  at: isoTime,
})

const newRecord = { version: true, updatedAt: true } as const

/** What the service alone keeps of a resident. */
const servicesOwn = { warnings: true, mergedInto: true, mergedFrom: true } as const

/** The named fields of a resident; null takes away one that a resident need not have. */
const residentChange = z.object({
  title: z.string().nullable().optional(),
  givenName: z.string().optional(),
  familyName: z.string().optional(),
  phones: z.array(e164).optional(),
  email: z.string().nullable().optional(),
  address: address.optional(),
  dateOfBirth: z.iso.date().nullable().optional(),
  language: z.enum(['en', 'cy']).optional(),
  assistance: assistance.nullable().optional(),
})

/** Fields that a merge may take from the record that goes. */
export const mergeField = z.enum([
  'title',
  'givenName',
  'familyName',
  'phones',
  'email',
  'address',
  'dateOfBirth',
  'language',
  'assistance',
  'authorities',
])

export const operation = z.discriminatedUnion('kind', [
  /** Creates the contact or changes the named fields of it. */
  operationBase.extend({
    kind: z.literal('contact.save'),
    contactId: id,
    fields: contact.omit({ ...newRecord, id: true }).partial(),
  }),
  operationBase.extend({
    kind: z.literal('case.create'),
    caseId: id,
    record: caseRecord.omit({ ...newRecord, id: true, reference: true, attachments: true }),
  }),
  /** Changes the named fields; `baseVersion` is the version the adviser saw. */
  operationBase.extend({
    kind: z.literal('case.change'),
    caseId: id,
    baseVersion: z.number().int().positive(),
    change: z.object({
      subject: z.string().optional(),
      status: caseStatus.optional(),
      residentId: id.nullable().optional(),
      assignedTo: id.nullable().optional(),
      /** Entries of `fields`, merged one by one. */
      fields: z.record(z.string(), fieldValue).optional(),
    }),
  }),
  operationBase.extend({
    kind: z.literal('resident.create'),
    residentId: id,
    record: resident.omit({ ...newRecord, ...servicesOwn, id: true }),
  }),
  /** As `case.change`. An address is one field; a clash shows it as its lines: line1, town, postcode, UPRN. */
  operationBase.extend({
    kind: z.literal('resident.change'),
    residentId: id,
    baseVersion: z.number().int().positive(),
    change: residentChange,
  }),
  /**
   * One person with two records: everything of `goneId` becomes `keptId`'s, its warnings too, and `goneId` goes on as a
   * pointer. Fields in `take` are taken from the gone one; of lists (`phones`, `authorities`) both are kept. Refused when
   * somebody else changed one of the two after the versions the adviser saw.
   */
  operationBase.extend({
    kind: z.literal('resident.merge'),
    mergeId: id,
    keptId: id,
    goneId: id,
    baseVersions: z.object({ kept: z.number().int().positive(), gone: z.number().int().positive() }),
    take: z.array(mergeField).max(20),
  }),
  /**
   * Parts them again: what the merge moved goes back, but for what was given to somebody else since. Taken fields that
   * were changed since stay as they are and are answered as a conflict.
   */
  operationBase.extend({ kind: z.literal('resident.unmerge'), mergeId: id }),
  /** Adds the warning, or changes the one with its id. */
  operationBase.extend({
    kind: z.literal('warning.save'),
    residentId: id,
    warning: warning.omit({ addedAt: true, addedBy: true }),
  }),
  operationBase.extend({
    kind: z.literal('warning.remove'),
    residentId: id,
    warningId: id,
    reason: z.string().min(1).max(1000),
  }),
  operationBase.extend({
    kind: z.literal('timeline.append'),
    entryId: id,
    entry: timelineEntry.omit({ id: true, by: true }),
  }),
  /** Creates the callback or changes the named fields of it. */
  operationBase.extend({
    kind: z.literal('callback.save'),
    callbackId: id,
    fields: callback.omit({ ...newRecord, id: true }).partial(),
  }),
  operationBase.extend({
    kind: z.literal('contact.hand-over'),
    contactId: id,
    handOver: handOver.omit({ contactId: true, at: true, by: true }),
  }),
  /** Tells the supervisors. */
  operationBase.extend({
    kind: z.literal('alert.raise'),
    alertId: id,
    alert: alert.pick({ kind: true, contactId: true }),
  }),
  /** "This step is wrong or unclear", for the script's owner. */
  operationBase.extend({
    kind: z.literal('script.report'),
    reportId: id,
    report: z.object({
      scriptId: id,
      version: z.number().int().positive(),
      stepId: id,
      comment: z.string().min(1).max(2000),
    }),
  }),
])

export const conflictField = z.object({
  /** `status`, `subject` or `fields.NAME`; of a resident the field's name. */
  field: z.string(),
  mine: fieldValue,
  theirs: fieldValue,
  by: z.string().nullable(),
  at: isoTime,
})

export const operationResult = z.discriminatedUnion('outcome', [
  z.object({ id: z.string(), outcome: z.literal('applied') }),
  /** Nothing was overwritten: the fields that clash are returned, the others were applied. */
  z.object({ id: z.string(), outcome: z.literal('conflict'), fields: z.array(conflictField) }),
  z.object({ id: z.string(), outcome: z.literal('refused'), problem }),
])

/** POST /v1/operations; answered in the same order, one result each. */
export const operationsRequest = z.object({ operations: z.array(operation).min(1).max(100) })
export const operationsAnswer = z.object({ results: z.array(operationResult) })

export type Operation = z.infer<typeof operation>
export type ConflictField = z.infer<typeof conflictField>
export type OperationResult = z.infer<typeof operationResult>
export type MergeField = z.infer<typeof mergeField>
