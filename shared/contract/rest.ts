import { z } from 'zod'

/*
 * Everything that crosses between a desk and the council's backend. The practice council service publishes it as
 * OpenAPI 3.1; a real council implements the same. Times are ISO 8601 in UTC, telephone numbers E.164, and unknown
 * fields are ignored by the desk and kept by the service.
 */

export const isoTime = z.iso.datetime({ offset: true })
export const e164 = z.string().regex(/^\+[1-9]\d{4,14}$/)
const id = z.string().min(1).max(80)

/** RFC 9457. `code` is ours: `feature/what`. */
export const problem = z.object({
  type: z.string().default('about:blank'),
  title: z.string(),
  status: z.number().int(),
  detail: z.string().optional(),
  code: z.string().optional(),
})

/* ── Signing in ─────────────────────────────────────────────────────────────────────────────────────────────── */

/**
 * POST /oauth/token, form encoded (RFC 6749 §4.3 and §6). POST /oauth/revoke with `token` (RFC 7009 §2.1) signs out:
 * it ends every token of the same sign-in.
 */
export const tokenRequest = z.discriminatedUnion('grant_type', [
  z.object({ grant_type: z.literal('password'), username: z.string().min(1), password: z.string().min(1) }),
  z.object({ grant_type: z.literal('refresh_token'), refresh_token: z.string().min(1) }),
])

export const tokenResponse = z.object({
  access_token: z.string(),
  token_type: z.literal('Bearer'),
  expires_in: z.number().int().positive(),
  refresh_token: z.string(),
})

/** RFC 6749 §5.2. */
export const tokenError = z.object({ error: z.string(), error_description: z.string().optional() })

/* ── Me ─────────────────────────────────────────────────────────────────────────────────────────────────────── */

export const adviser = z.object({
  id,
  username: z.string(),
  name: z.string(),
  languages: z.array(z.enum(['en', 'cy'])),
})

export const sipAccount = z.object({
  /** Address of record, `sip:user@domain`. */
  uri: z.string().regex(/^sips?:.+@.+/),
  authorizationUsername: z.string(),
  password: z.string(),
  displayName: z.string(),
  /** WebSocket addresses in order of preference (RFC 7118). */
  servers: z.array(z.string().regex(/^wss?:\/\//)).min(1),
})

export const iceServer = z.object({
  urls: z.array(z.string()),
  username: z.string().optional(),
  credential: z.string().optional(),
})

export const queue = z.object({
  id,
  name: z.string(),
  /** Script that opens when a call of this queue is answered. */
  scriptId: id,
  /** Number residents dial for this queue. */
  dialledNumber: e164.optional(),
  /** Language its callers chose. */
  language: z.enum(['en', 'cy']).optional(),
})

const codeAndLabel = z.object({ code: id, label: z.string() })

/** A reason for not being ready. After `limitMinutes` in it the backend says `timed-out` until another is chosen. */
export const notReadyReason = codeAndLabel.extend({ limitMinutes: z.number().int().positive().optional() })

/** What the desk shows about the council in scripts and headings; wording never hard-codes these. */
export const councilProfile = z.object({
  name: z.string(),
  website: z.string(),
  /** Facts scripts may quote, by name, each with the time it was last confirmed. */
  facts: z.record(z.string(), z.object({ text: z.string(), asAt: isoTime })),
  /** What opens only to an enhanced identity check; all else opens to a standard one. */
  enhanced: z
    .object({
      /** LGSL codes of services whose cases, with all that was written in them, are of that kind. */
      services: z.array(z.number().int()),
      /** Names of case fields, by service. */
      fields: z.array(z.object({ service: z.number().int(), names: z.array(z.string()) })),
    })
    .optional(),
})

/** What an adviser may do besides: write scripts, approve and withdraw them, be told of alerts, see who read what. */
export const role = z.enum(['editor', 'approver', 'supervisor', 'auditor'])

/** GET /v1/me */
export const me = z.object({
  contractVersion: z.number().int(),
  serverTime: isoTime,
  adviser,
  council: councilProfile,
  sip: sipAccount,
  iceServers: z.array(iceServer),
  queues: z.array(queue),
  dispositions: z.array(codeAndLabel),
  notReadyReasons: z.array(notReadyReason),
  wrapUpSeconds: z.number().int().nonnegative(),
  /** A cache not confirmed by the backend for this many days does not open. */
  cacheLeaseDays: z.number().int().positive(),
  roles: z.array(role).optional(),
})

/* ── Agent state: the backend decides, the desk requests and reads back ─────────────────────────────────────── */

export const agentState = z.discriminatedUnion('name', [
  /**
   * `reason` is a code of `notReadyReasons`, or `signed-in`, `missed-call`, `phone-not-ready`, `timed-out`, `unknown`.
   * `do-not-disturb` makes the switchboard refuse direct calls too. `until` is when the reason's limit runs out.
   */
  z.object({ name: z.literal('not-ready'), reason: id, since: isoTime, until: isoTime.optional() }),
  z.object({ name: z.literal('ready'), since: isoTime }),
  z.object({ name: z.literal('ringing'), since: isoTime, queueId: id.optional() }),
  z.object({ name: z.literal('on-call'), since: isoTime, queueId: id.optional() }),
  /** Wrap-up ends by itself at `until`, or earlier by request; it never discards anything. */
  z.object({ name: z.literal('wrap-up'), since: isoTime, until: isoTime, queueId: id.optional() }),
])

/**
 * PUT /v1/me/state. Asked for during a call it takes effect after wrap-up (`pending`); a later request replaces it, and
 * asking for what would follow anyway takes it back.
 */
export const agentStateRequest = z.discriminatedUnion('name', [
  /** `override`: what the check before the shift found and why the adviser works all the same; kept for audit. */
  z.object({
    name: z.literal('ready'),
    override: z.object({ failed: z.array(id).max(20), reason: z.string().min(3).max(300) }).optional(),
  }),
  z.object({ name: z.literal('not-ready'), reason: id }),
  /** Keeps wrap-up open for this much longer. */
  z.object({ name: z.literal('wrap-up'), extendSeconds: z.number().int().positive().max(600) }),
])

/** GET and PUT /v1/me/state */
export const agentStateAnswer = z.object({
  state: agentState,
  /** What follows after the current call or wrap-up, when it was asked for. */
  pending: agentStateRequest.nullable(),
  /** Nobody rings this adviser but queues: `do-not-disturb` holds through the calls made meanwhile and their wrap-up. */
  undisturbed: z.literal(true).optional(),
})

/* ── Calls, as the switchboard's side knows them ────────────────────────────────────────────────────────────── */

/**
 * GET /v1/calls/{callId}, and the `call` event. `callId` is the SIP Call-ID at the adviser's telephone. Recording goes
 * with the resident: a call that is transferred while paused stays paused.
 */
export const callStatus = z.object({
  callId: z.string().max(255),
  recording: z.discriminatedUnion('name', [
    z.object({ name: z.literal('none') }),
    z.object({ name: z.literal('recording'), since: isoTime }),
    /** Goes on by itself at `resumesAt`, so that a forgotten pause does not lose the rest of the call. */
    z.object({ name: z.literal('paused'), since: isoTime, resumesAt: isoTime }),
  ]),
  /** A supervisor who listens, advises the adviser alone, or speaks to both. */
  supervisor: z.enum(['none', 'listening', 'advising', 'speaking']),
})

/** PUT /v1/calls/{callId}/recording; answered with the call's status once the recorder has done it. */
export const recordingRequest = z.object({ paused: z.boolean() })

/** GET /v1/me/calls: the adviser's own, newest first, at most 200. Kept for as long as the council says. */
export const callHistoryEntry = z.object({
  callId: z.string().max(255),
  direction: z.enum(['inbound', 'outbound']),
  number: e164.nullable(),
  withheld: z.boolean(),
  /** Of a colleague or queue; never a resident's. */
  name: z.string().nullable(),
  queueId: id.nullable(),
  startedAt: isoTime,
  answeredAt: isoTime.nullable(),
  endedAt: isoTime.nullable(),
  outcome: z.enum([
    'in-progress',
    'answered',
    'missed',
    'declined',
    'no-answer',
    'busy',
    'failed',
    'transferred',
  ]),
})
export const callHistory = z.object({ calls: z.array(callHistoryEntry) })

/** GET /v1/directory: whom an adviser may call or transfer to. ETag. */
export const directoryEntry = z.object({
  id,
  kind: z.enum(['colleague', 'queue', 'service']),
  name: z.string(),
  /** What they do, such as a team or a service. */
  detail: z.string(),
  /** User part at the switchboard, with presence to watch; or a number of the public network. */
  user: z.string().nullable(),
  number: e164.nullable(),
  languages: z.array(z.enum(['en', 'cy'])),
})
export const directory = z.object({ asAt: isoTime, entries: z.array(directoryEntry) })

/* ── Records ────────────────────────────────────────────────────────────────────────────────────────────────── */

export const address = z.object({
  /** Unique Property Reference Number: text, up to 12 digits. */
  uprn: z.string().regex(/^\d{1,12}$/),
  line1: z.string(),
  town: z.string(),
  postcode: z.string(),
})

/** What a call is helped along by: Relay UK, somebody who interprets, or a video call in British Sign Language. */
export const assistance = z.enum(['relay', 'interpreter', 'sign-language'])

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
})

export const caseStatus = z.enum(['open', 'in-progress', 'waiting-for-resident', 'resolved', 'closed'])
export const fieldValue = z.union([z.string(), z.number(), z.boolean(), z.array(z.string()), z.null()])

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

/** Somebody has to know at once. GET /v1/alerts/{alertId}, and the `alert` event. */
export const alert = z.object({
  id,
  kind: z.literal('risk-to-life'),
  contactId: id,
  raisedAt: isoTime,
  raisedBy: z.string(),
  /** Names of the supervisors it was shown to. */
  toldTo: z.array(z.string()),
  acknowledgedBy: z.string().nullable(),
  acknowledgedAt: isoTime.nullable(),
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

/* ── Change feed ────────────────────────────────────────────────────────────────────────────────────────────── */

/** A published script's key facts; the document itself is at `/v1/scripts/{id}/versions/{version}`. */
export const scriptEntry = z.object({
  id,
  version: z.number().int().positive(),
  title: z.string(),
  serviceCode: z.number().int(),
  withdrawn: z.boolean(),
  serviceName: z.string().optional(),
  /** Words residents use for it, for search. */
  aliases: z.array(z.string()).optional(),
  /** Never to be begun again, newest first: a contact that is on one of them stays, and its adviser is told. */
  withdrawnVersions: z
    .array(z.object({ version: z.number().int().positive(), at: isoTime, why: z.string() }))
    .optional(),
})

const tombstone = z.object({
  kind: z.enum(['resident', 'case', 'timeline', 'contact', 'script', 'callback']),
  id,
  deleted: z.literal(true),
})

export const change = z.union([
  z.object({ kind: z.literal('resident'), id, record: resident }),
  z.object({ kind: z.literal('case'), id, record: caseRecord }),
  z.object({ kind: z.literal('timeline'), id, record: timelineEntry }),
  z.object({ kind: z.literal('contact'), id, record: contact }),
  z.object({ kind: z.literal('script'), id, record: scriptEntry }),
  z.object({ kind: z.literal('callback'), id, record: callback }),
  tombstone,
])

/**
 * GET /v1/changes?cursor=&limit= in commit order; `cursor` is opaque, absent for the first page. Each record comes
 * once, as it is now. 410 when the cursor is of another feed, as after a restored backup or a change of queues:
 * start again without one.
 */
export const changesPage = z.object({ changes: z.array(change), cursor: z.string(), more: z.boolean() })

/* ── Operations ─────────────────────────────────────────────────────────────────────────────────────────────── */

const operationBase = z.object({
  /** Made by the desk; sending an operation twice applies it once. */
  id: z.uuid(),
  /** When the adviser did it, by the desk's clock. */
  at: isoTime,
})

const newRecord = { version: true, updatedAt: true } as const

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
    record: caseRecord.omit({ ...newRecord, id: true, reference: true }),
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
  /** `status`, `subject` or `fields.NAME`. */
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

/* ── Events and search ──────────────────────────────────────────────────────────────────────────────────────── */

/** GET /v1/events, server-sent; `event:` is the kind, `data:` the rest as JSON. */
export const serverEvent = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('changed') }),
  z.object({ kind: z.literal('state'), answer: agentStateAnswer }),
  z.object({ kind: z.literal('call'), status: callStatus }),
  z.object({ kind: z.literal('withdrawn'), scriptId: id, version: z.number().int() }),
  z.object({ kind: z.literal('alert'), alert }),
  z.object({ kind: z.literal('wipe') }),
])

/**
 * GET /v1/scripts/use: today's contacts of the adviser's queues by their script, most first; today is the council's,
 * in Europe/London.
 */
export const scriptUse = z.object({
  since: isoTime,
  counts: z.array(z.object({ scriptId: id, contacts: z.number().int().positive() })),
})

/** GET /v1/search?q= */
export const searchAnswer = z.object({ residents: z.array(resident), cases: z.array(caseRecord) })

export type Problem = z.infer<typeof problem>
export type TokenResponse = z.infer<typeof tokenResponse>
export type Adviser = z.infer<typeof adviser>
export type SipAccount = z.infer<typeof sipAccount>
export type IceServer = z.infer<typeof iceServer>
export type Queue = z.infer<typeof queue>
export type CouncilProfile = z.infer<typeof councilProfile>
export type Role = z.infer<typeof role>
export type Me = z.infer<typeof me>
export type AgentState = z.infer<typeof agentState>
export type AgentStateRequest = z.infer<typeof agentStateRequest>
export type AgentStateAnswer = z.infer<typeof agentStateAnswer>
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
export type ScriptEntry = z.infer<typeof scriptEntry>
export type ScriptUse = z.infer<typeof scriptUse>
export type Change = z.infer<typeof change>
export type ChangesPage = z.infer<typeof changesPage>
export type NotReadyReason = z.infer<typeof notReadyReason>
export type CallStatus = z.infer<typeof callStatus>
export type CallHistoryEntry = z.infer<typeof callHistoryEntry>
export type CallHistory = z.infer<typeof callHistory>
export type DirectoryEntry = z.infer<typeof directoryEntry>
export type Directory = z.infer<typeof directory>
export type Callback = z.infer<typeof callback>
export type Operation = z.infer<typeof operation>
export type ConflictField = z.infer<typeof conflictField>
export type OperationResult = z.infer<typeof operationResult>
export type ServerEvent = z.infer<typeof serverEvent>
export type SearchAnswer = z.infer<typeof searchAnswer>
