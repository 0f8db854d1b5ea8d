import { z } from 'zod'
import { alert, callback, caseRecord, contact, resident, timelineEntry } from './rest-records.ts'
import { e164, id, isoTime } from './rest-values.ts'

/*
 * Everything that crosses between a desk and the council's backend. The practice council service publishes it as
 * OpenAPI 3.1; a real council implements the same. Times are ISO 8601 in UTC, telephone numbers E.164, and unknown
 * fields are ignored by the desk and kept by the service.
 */

export * from './rest-operations.ts'
export * from './rest-records.ts'
export * from './rest-residents.ts'
export { e164, isoTime, type Problem, problem } from './rest-values.ts'

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
  /** Closed cases that did not change for so many days do not stay on desks; a year when not said. */
  cacheRetentionDays: z.number().int().positive().optional(),
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
  /** What its cases are called, for search. */
  subjects: z.array(z.string()).optional(),
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

/* ── Events and search ──────────────────────────────────────────────────────────────────────────────────────── */

/** GET /v1/events, server-sent; `event:` is the kind, `data:` the rest as JSON. */
export const serverEvent = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('changed') }),
  z.object({ kind: z.literal('state'), answer: agentStateAnswer }),
  z.object({ kind: z.literal('call'), status: callStatus }),
  z.object({ kind: z.literal('withdrawn'), scriptId: id, version: z.number().int() }),
  z.object({ kind: z.literal('alert'), alert }),
  /** The desk forgets all it holds: somebody who may said so, see `wipeRequest`. */
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
export type ServerEvent = z.infer<typeof serverEvent>
export type SearchAnswer = z.infer<typeof searchAnswer>
