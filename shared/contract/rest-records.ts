import { z } from 'zod'
import { e164, id, isoTime } from './rest-values.ts'

/* The council's records, as desks and service exchange them. */

export const address = z.object({
  /** Unique Property Reference Number: text, up to 12 digits. */
  uprn: z.string().regex(/^\d{1,12}$/),
  line1: z.string(),
  town: z.string(),
  postcode: z.string(),
})

/** What a call is helped along by: Relay UK, somebody who interprets, or a video call in British Sign Language. */
export const assistance = z.enum(['relay', 'interpreter', 'sign-language'])

/**
 * What whoever meets or writes to a resident must know. Told through the last day before `expiresAt`, and shown to be
 * looked at again from `reviewBy` on.
 */
export const warning = z.object({
  id,
  /** `violence`, `two-person-visit`, `communication`, `legal-hold` or `other`; desks show one they do not know as `other`. */
  kind: z.string().regex(/^[a-z][a-z-]{0,39}$/),
  reason: z.string().min(1).max(1000),
  /** Adviser or team that answers for it. */
  owner: z.string().min(1).max(200),
  addedAt: isoTime,
  addedBy: z.string(),
  reviewBy: z.iso.date(),
  /** The first day on which it is not told any more; null for as long as nobody removes it. */
  expiresAt: z.iso.date().nullable(),
})

export const resident = z.object({
  id,
  version: z.number().int().positive(),
  updatedAt: isoTime,
  title: z.string().optional(),
  givenName: z.string(),
  familyName: z.string(),
  /** Several residents may share a number. */
  phones: z.array(e164),
  email: z.string().optional(),
  address,
  /** `YYYY-MM-DD`; used in identity checks only. */
  dateOfBirth: z.iso.date().optional(),
  language: z.enum(['en', 'cy']),
  /** What their calls are helped along by, recorded when they asked for it. */
  assistance: assistance.optional(),
  /** Who may speak for them: somebody they named, or a councillor for their casework. `until` is the last day. */
  authorities: z
    .array(
      z.object({
        party: z.enum(['third-party', 'councillor']),
        name: z.string().max(200),
        detail: z.string().max(200).optional(),
        until: z.iso.date().optional(),
      }),
    )
    .optional(),
  warnings: z.array(warning).optional(),
  /** The record that goes on in this one's place; nothing new is written of this one. */
  mergedInto: id.optional(),
  /** Records that were merged into this one and may be parted again by `mergeId`, oldest first. */
  mergedFrom: z.array(z.object({ mergeId: id, residentId: id, at: isoTime, by: z.string() })).optional(),
})

export const caseStatus = z.enum(['open', 'in-progress', 'waiting-for-resident', 'resolved', 'closed'])
export const fieldValue = z.union([z.string(), z.number(), z.boolean(), z.array(z.string()), z.null()])

/**
 * A file of a case, listed when all of it has arrived; GET /v1/attachments/{id} answers it. Files come by tus 1.0
 * (creation, termination, expiration, checksum) at /v1/uploads, `Upload-Metadata` with `caseId`, `filename` and
 * `filetype`. At most 25 MB: PDF, JPEG, PNG, WebP, HEIC or plain text.
 */
export const attachment = z.object({
  id,
  name: z.string().min(1).max(200),
  /** Media type. */
  type: z.string().max(100),
  sizeBytes: z.number().int().nonnegative(),
  at: isoTime,
  by: z.string(),
  /** Of the content, hexadecimal. */
  sha256: z.string().optional(),
  /** The file is gone; that it was there stays. */
  deleted: z.literal(true).optional(),
})

export const caseRecord = z.object({
  id,
  version: z.number().int().positive(),
  updatedAt: isoTime,
  openedAt: isoTime,
  /** Given by the service when the case is created; a case not yet sent has none. */
  reference: z.string().nullable(),
  residentId: id.nullable(),
  /** LGSL service code and LGIL interaction code (LGA ESD standards). */
  serviceCode: z.number().int(),
  interactionCode: z.number().int(),
  serviceName: z.string(),
  subject: z.string(),
  status: caseStatus,
  queueId: id.nullable(),
  assignedTo: id.nullable(),
  fields: z.record(z.string(), fieldValue),
  attachments: z.array(attachment).optional(),
})

/** Timeline entries are only ever appended. */
export const timelineEntry = z.object({
  id,
  caseId: id.nullable(),
  residentId: id.nullable(),
  contactId: id.nullable(),
  at: isoTime,
  /** `risk` is the timed log of a call about a risk to life. */
  kind: z.enum(['note', 'contact', 'status', 'system', 'risk']),
  text: z.string(),
  /** Adviser's name as shown to colleagues; null for the system. */
  by: z.string().nullable(),
})

/** Who speaks: the resident, somebody the resident named, their councillor, or somebody who interprets for them. */
export const party = z.enum(['resident', 'third-party', 'councillor', 'interpreter'])

export const identityCheck = z.object({
  level: z.enum(['none', 'standard', 'enhanced']),
  method: z.string(),
  at: isoTime,
  /** With whom it was made; the resident when not said. */
  party: party.optional(),
  /** Name of whoever speaks for the resident. */
  partyName: z.string().max(200).optional(),
  /** From then on it counts for nothing; to the end of the contact when not said. */
  until: isoTime.optional(),
  /** The colleague who made it, before the call was passed on, and why it was passed on. */
  handedOver: z.object({ by: z.string().max(200), reason: z.string().max(1000) }).optional(),
})

export const contact = z.object({
  id,
  version: z.number().int().positive(),
  updatedAt: isoTime,
  channel: z.enum(['telephone', 'email', 'web-chat', 'letter', 'counter', 'social-media']),
  direction: z.enum(['inbound', 'outbound']),
  queueId: id.nullable(),
  startedAt: isoTime,
  endedAt: isoTime.nullable(),
  residentId: id.nullable(),
  caseId: id.nullable(),
  disposition: id.nullable(),
  identity: identityCheck.nullable(),
  script: z.object({ id, version: z.number().int().positive() }).nullable(),
  /** SIP Call-ID, which the switchboard's own records carry too. */
  callId: z.string().nullable(),
  /** Language it was held in. */
  language: z.enum(['en', 'cy']).optional(),
  assistance: assistance.nullable().optional(),
})

/**
 * What goes with a call that is passed on. The INVITE to the colleague carries the contact's id (User-to-User, RFC
 * 7433); GET /v1/contacts/{contactId}/hand-over answers the rest to whoever has it.
 */
export const handOver = z.object({
  contactId: id,
  at: isoTime,
  by: z.string().max(200),
  reason: z.string().max(1000),
  residentId: id.nullable(),
  caseId: id.nullable(),
  identity: identityCheck.nullable(),
  language: z.enum(['en', 'cy']),
  assistance: assistance.nullable(),
})

/**
 * Somebody has to know at once. GET /v1/alerts/{alertId}, and the `alert` event, which comes again with every line of
 * the log and when somebody takes the alert up; POST /v1/alerts/{alertId}/acknowledge does that.
 */
export const alert = z.object({
  id,
  kind: z.literal('risk-to-life'),
  contactId: id,
  raisedAt: isoTime,
  raisedBy: z.string(),
  /** Adviser's id; two may have one name. */
  raisedById: id.optional(),
  /** Names of the supervisors it was shown to. */
  toldTo: z.array(z.string()),
  acknowledgedBy: z.string().nullable(),
  acknowledgedAt: isoTime.nullable(),
  /** The contact's log of the risk so far, oldest line first. */
  log: z.array(timelineEntry.pick({ id: true, at: true, text: true, by: true })).optional(),
})

/** A promise to call someone; done, or given up with a reason. */
export const callback = z.object({
  id,
  version: z.number().int().positive(),
  updatedAt: isoTime,
  number: e164,
  /** Whom to ask for. */
  name: z.string().max(200),
  reason: z.string().max(1000),
  residentId: id.nullable(),
  caseId: id.nullable(),
  contactId: id.nullable(),
  /** Promised between these times. */
  dueFrom: isoTime,
  dueBy: isoTime,
  /** Adviser's id; null is for anyone of the queue. */
  assignedTo: id.nullable(),
  queueId: id.nullable(),
  status: z.enum(['due', 'done', 'given-up']),
  closedAt: isoTime.nullable(),
})

export type Address = z.infer<typeof address>
export type Resident = z.infer<typeof resident>
export type CaseStatus = z.infer<typeof caseStatus>
export type FieldValue = z.infer<typeof fieldValue>
export type CaseRecord = z.infer<typeof caseRecord>
export type TimelineEntry = z.infer<typeof timelineEntry>
export type Party = z.infer<typeof party>
export type IdentityCheck = z.infer<typeof identityCheck>
export type Assistance = z.infer<typeof assistance>
export type HandOver = z.infer<typeof handOver>
export type Alert = z.infer<typeof alert>
export type Contact = z.infer<typeof contact>
export type Callback = z.infer<typeof callback>
export type Warning = z.infer<typeof warning>
export type Attachment = z.infer<typeof attachment>
