import { z } from 'zod'
import { callReport } from './call-report.ts'
import { deviceChoices, deviceReport, headset, headsetEvent } from './devices.ts'
import { agentStateAnswer, agentStateRequest, callStatus, e164 } from './rest.ts'

/*
 * Between the desk page and the phone page, over the BroadcastChannel named `phone`. The phone's snapshot is the
 * truth; the desk's store is a projection of it, rebuilt by asking for a snapshot whenever the desk (re)loads.
 * Times are milliseconds since 1970 by the clock of this machine, which both pages share.
 */

const at = z.number()
const uuid = z.uuid()

/**
 *   off ──register──▶ connecting ──socket + 200──▶ registered
 *    ▲                  │   ▲                         │
 *    │               403/404  │ timer              socket lost, keep-alive unanswered
 *    └──unregister──  refused └──── waiting ◀─────────┘
 */
export const registration = z.discriminatedUnion('name', [
  z.object({ name: z.literal('off'), reason: z.enum(['signed-out', 'starting', 'unregistered']) }),
  z.object({ name: z.literal('connecting'), attempt: z.number().int(), since: at }),
  z.object({ name: z.literal('registered'), since: at }),
  /** The socket or the registration was lost; the next attempt is at `nextTryAt`. */
  z.object({
    name: z.literal('waiting'),
    attempt: z.number().int(),
    since: at,
    nextTryAt: at,
    reason: z.enum(['no-connection', 'no-answer', 'server-error']),
  }),
  /** The switchboard said no (SIP `status`); trying again by itself would not help. */
  z.object({ name: z.literal('refused'), status: z.number().int(), since: at }),
])

export const microphone = z.discriminatedUnion('name', [
  z.object({ name: z.literal('unknown') }),
  z.object({ name: z.literal('live'), label: z.string() }),
  z.object({ name: z.literal('denied') }),
  z.object({ name: z.literal('absent') }),
  /** Present and allowed, but it could not be opened or went silent at the driver (`detail` for the log). */
  z.object({ name: z.literal('failed'), detail: z.string() }),
])

/** Why a line ended. */
export const endReason = z.enum([
  'hung-up-here',
  'hung-up-there',
  'cancelled', // the caller gave up, or the queue offered the call elsewhere
  'answered-elsewhere',
  'rejected-here',
  'busy',
  'no-answer',
  'not-found',
  'refused', // any other final response of 4xx, 5xx, 6xx
  'media-failed', // no codec in common, or no path for audio
  'connection-lost', // the call could not be recovered after an outage
  'transferred', // the far end was passed on and is talking to someone else
])

/**
 *   (in)  ringing ──answer──▶ answering ──ACK──▶ active ◀──hold/resume──▶ held
 *   (out) dialling ──2xx────────────────────────▶ active
 *   active, held ──socket lost──▶ same state with `signalling: 'lost'` until recovered
 *   any ──▶ ended
 */
export const lineState = z.discriminatedUnion('name', [
  z.object({ name: z.literal('ringing'), since: at }),
  z.object({
    name: z.literal('dialling'),
    since: at,
    progress: z.enum(['trying', 'ringing', 'early-media']),
  }),
  z.object({ name: z.literal('answering'), since: at }),
  z.object({ name: z.literal('active'), since: at }),
  z.object({ name: z.literal('held'), since: at, by: z.enum(['adviser', 'resident', 'both']) }),
  z.object({ name: z.literal('ended'), at, reason: endReason, status: z.number().int().optional() }),
])

/** What is known of the sound, from RTP statistics and never from connection state alone. */
export const sound = z.object({
  /** `silent`: packets stopped arriving or leaving at `since`; said within 2 s. */
  inbound: z.enum(['not-yet', 'flowing', 'silent', 'held']),
  outbound: z.enum(['not-yet', 'flowing', 'silent', 'held', 'muted']),
  since: at,
  /** Sum of squared samples × seconds of the resident's voice (W3C webrtc-stats totalAudioEnergy). */
  inboundEnergy: z.number(),
  /** Packets arrive and have carried nothing but digital silence since, for 5 s or more: worth a word, no alarm. */
  quietSince: at.optional(),
  packetsReceived: z.number().int(),
  packetsSent: z.number().int(),
})

/** Whom to call: what the adviser typed or chose, once understood (shared/calls/dial-target.ts). */
export const dialTarget = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('number'), number: e164 }),
  /** 999, 112 and, for text relay, 18000: dialled as they are, and never blocked by anything of ours. */
  z.object({ kind: z.literal('emergency'), number: z.enum(['999', '112', '18000']) }),
  /** Other short codes of the public network, such as 101, 111 and 105. */
  z.object({ kind: z.literal('short-code'), number: z.string().regex(/^1\d{2,5}$/) }),
  /** A colleague, queue, extension or feature code at the adviser's own switchboard. */
  z.object({
    kind: z.literal('internal'),
    user: z.string().regex(/^[A-Za-z0-9._*#+-]{1,64}$/),
    name: z.string().max(64).optional(),
  }),
  z.object({
    kind: z.literal('sip'),
    uri: z
      .string()
      .max(200)
      .regex(/^sips?:[^\s@<>"]+@[^\s@<>"]+$/),
  }),
])

/**
 *   asking ──202──▶ trying ──NOTIFY 180──▶ ringing ──NOTIFY 2xx──▶ (the line ends: `transferred`)
 *      └──refused────┴──NOTIFY 4xx, 5xx, 6xx, or none in time──▶ failed: the far end is still here, on hold
 */
export const transfer = z.discriminatedUnion('name', [
  z.object({ name: z.literal('asking'), to: z.string(), since: at }),
  z.object({ name: z.literal('trying'), to: z.string(), since: at }),
  z.object({ name: z.literal('ringing'), to: z.string(), since: at }),
  z.object({
    name: z.literal('failed'),
    to: z.string(),
    at,
    reason: endReason,
    status: z.number().int().optional(),
  }),
])

export const qualityAlert = z.enum(['round-trip', 'jitter', 'loss', 'mos', 'microphone-constant'])

/** Figures of the last few seconds, both directions taken together; `mos` is 1 to 4.5 (ITU-T G.107, simplified). */
export const callQuality = z.object({
  at,
  mos: z.number(),
  lossPercent: z.number(),
  jitterMs: z.number(),
  roundTripMs: z.number().nullable(),
  /** As negotiated, for example `opus/48000/2`. */
  codec: z.string().nullable(),
  alerts: z.array(qualityAlert),
})

export const line = z.object({
  id: uuid,
  /** The contact record this call belongs to; minted when the line appears. */
  contactId: uuid,
  /** SIP Call-ID. */
  callId: z.string(),
  direction: z.enum(['inbound', 'outbound']),
  state: lineState,
  /** Whether the dialog's signalling path works; `lost` while reconnecting, the sound may go on. */
  signalling: z.enum(['up', 'lost', 'recovering']),
  /** Plain text, control characters removed; never markup. `number` is absent when withheld or not a number. */
  remote: z.object({ number: e164.optional(), displayName: z.string().optional(), withheld: z.boolean() }),
  queue: z.object({ id: z.string(), name: z.string() }).nullable(),
  /** How long the caller had waited in the queue when the line appeared. */
  waitedMs: z.number().nullable(),
  /** The number or service the caller dialled, when the switchboard says (P-Called-Party-ID, History-Info, To). */
  dialled: e164.nullable(),
  /** Contact of the colleague who passed this call on and saved a hand-over for it, as the INVITE says. */
  handedOverFrom: uuid.optional(),
  /** `consult`: a call to ask someone before the call of `forLineId` is passed on or joined. */
  purpose: z.discriminatedUnion('name', [
    z.object({ name: z.literal('contact') }),
    z.object({ name: z.literal('consult'), forLineId: uuid }),
  ]),
  /** Lines with the same id hear each other, mixed in the phone page. */
  conferenceId: uuid.nullable(),
  transfer: transfer.nullable(),
  /** The far end asks us to call someone else (REFER); nothing happens before the adviser says so. */
  referral: z.object({ to: z.string(), since: at }).nullable(),
  /** When an auto-answered call will be answered; until then the adviser can decline it. */
  autoAnswerAt: at.nullable(),
  muted: z.boolean(),
  /** The adviser is muted and the microphone hears speech. */
  speakingWhileMuted: z.boolean(),
  quality: callQuality.nullable(),
  /** Recording and supervision as the backend last said; null when it has said nothing. */
  status: callStatus.nullable(),
  /** A change of the recording that the backend has not confirmed, or has refused. */
  recordingRequest: z
    .object({ paused: z.boolean(), since: at, outcome: z.enum(['waiting', 'refused', 'unreachable']) })
    .nullable(),
  sound,
  times: z.object({
    /** INVITE received or sent. */
    invitedAt: at,
    answeredAt: at.nullable(),
    /** First RTP received after answering; first RTP in both directions. */
    firstInboundAt: at.nullable(),
    twoWayAt: at.nullable(),
  }),
})

/** Each reason why Ready is not allowed just now; empty means the phone can take a call. */
export const readinessProblem = z.enum([
  'not-registered',
  'registration-refused',
  'connection-lost',
  'microphone-unknown',
  'microphone-denied',
  'microphone-absent',
  'microphone-failed',
  'council-unreachable',
  'desk-locked',
  /** The check before the shift is still running, or found something that has not been overridden. */
  'check-running',
  'check-failed',
])

export const readinessItem = z.enum([
  'microphone',
  'speaker',
  'registration',
  'media-path',
  'round-trip',
  'clock',
  'disk',
  'cache-age',
])

/** The check before a shift. `figure` has the item's own unit: ms for round-trip and clock, MB for disk, hours for cache-age. */
export const readinessCheck = z.object({
  startedAt: at,
  finishedAt: at.nullable(),
  items: z.array(
    z.object({
      item: readinessItem,
      outcome: z.enum(['waiting', 'running', 'passed', 'warning', 'failed']),
      figure: z.number().nullable(),
    }),
  ),
  /** The adviser went to work in spite of a failed item; recorded at the backend with the reason. */
  override: z.object({ reason: z.string(), at }).nullable(),
})

/** A colleague or queue as the switchboard last said (RFC 4235 dialog, RFC 3863 presence); `unknown` is not `available`. */
export const presence = z.object({
  state: z.enum(['available', 'ringing', 'on-call', 'away', 'offline', 'unknown']),
  since: at,
})

/** A call that the telephone lost by its own fault, offered back. */
export const lostCall = z.object({
  contactId: uuid,
  direction: z.enum(['inbound', 'outbound']),
  remote: z.object({ number: e164.optional(), displayName: z.string().optional(), withheld: z.boolean() }),
  queue: z.object({ id: z.string(), name: z.string() }).nullable(),
  answeredAt: at,
  lostAt: at,
})

export const phoneSnapshot = z.object({
  /** Identifies this life of the phone page; a new one means that the page was restarted. */
  incarnation: uuid,
  takenAt: at,
  registration,
  microphone,
  readinessProblems: z.array(readinessProblem),
  /** The backend's last word on the adviser's state and when it was heard; null before the first. */
  agent: agentStateAnswer.extend({ asAt: at }).nullable(),
  /** Newest last; an ended line stays until its contact is finished. */
  lines: z.array(line),
  devices: deviceReport,
  headset,
  /** Newest last, at most 50: what the headset's buttons and lights did. */
  headsetEvents: z.array(headsetEvent),
  check: readinessCheck.nullable(),
  /** By user part of the address; only of those asked for with `watchPresence`. */
  presence: z.record(z.string(), presence),
  /** Message-summary (RFC 3842); null when the switchboard does not say. */
  voicemail: z.object({ newMessages: z.number().int(), oldMessages: z.number().int() }).nullable(),
  autoAnswer: z.boolean(),
  lostCalls: z.array(lostCall),
  /** Where the last report of a bad call of this shift was written. `file` is the one to read. */
  lastReport: z.object({ contactId: uuid, folder: z.string(), file: z.string() }).nullable(),
})

export const phoneCommand = z.discriminatedUnion('name', [
  z.object({ name: z.literal('answer'), lineId: uuid }),
  z.object({ name: z.literal('reject'), lineId: uuid }),
  z.object({ name: z.literal('hangUp'), lineId: uuid }),
  z.object({ name: z.literal('hold'), lineId: uuid }),
  z.object({ name: z.literal('resume'), lineId: uuid }),
  z.object({ name: z.literal('setMuted'), lineId: uuid, muted: z.boolean() }),
  z.object({ name: z.literal('sendDigits'), lineId: uuid, digits: z.string().regex(/^[0-9A-D*#]{1,32}$/) }),
  /**
   * `contactId` when the call goes on with work begun before, such as a callback. Lines of `beside` are not put on hold:
   * they and whoever is called all hear the adviser and are heard, but not each other before they are merged.
   */
  z.object({
    name: z.literal('dial'),
    target: dialTarget,
    contactId: uuid.optional(),
    beside: z.array(uuid).max(3).optional(),
  }),
  /**
   * Passes the far end on without asking first (RFC 5589 §6). It is held, and comes back on hold if that fails.
   * `contactId` goes along when a hand-over was saved for it (User-to-User, RFC 7433).
   */
  z.object({ name: z.literal('transfer'), lineId: uuid, target: dialTarget, contactId: uuid.optional() }),
  /** Holds this line and calls someone to ask. */
  z.object({ name: z.literal('consult'), lineId: uuid, target: dialTarget }),
  /** Connects the two ends of a consultation and leaves (REFER with Replaces, RFC 5589 §7). `contactId` as above. */
  z.object({ name: z.literal('completeTransfer'), lineId: uuid, contactId: uuid.optional() }),
  /** Joins live calls so that all hear each other. */
  z.object({ name: z.literal('merge'), lineIds: z.array(uuid).min(2).max(4) }),
  /** Ends the joining: everyone but `lineId` is held. */
  z.object({ name: z.literal('split'), lineId: uuid }),
  z.object({ name: z.literal('acceptReferral'), lineId: uuid }),
  z.object({ name: z.literal('declineReferral'), lineId: uuid }),
  /** Lets go of the words about a transfer that failed. */
  z.object({ name: z.literal('dismissTransfer'), lineId: uuid }),
  z.object({ name: z.literal('setRecordingPaused'), lineId: uuid, paused: z.boolean() }),
  /** Forgets an ended line once its contact is wrapped up. */
  z.object({ name: z.literal('dismissLine'), lineId: uuid }),
  z.object({ name: z.literal('requestAgentState'), request: agentStateRequest }),
  /** Asks for the microphone again after it was denied or absent. */
  z.object({ name: z.literal('checkMicrophone') }),
  z.object({ name: z.literal('register') }),
  z.object({ name: z.literal('chooseDevices'), choices: deviceChoices }),
  /** Rings once on the chosen ringer. */
  z.object({ name: z.literal('testRinger') }),
  z.object({ name: z.literal('watchLevels'), on: z.boolean() }),
  /** Asks the operating system for a headset whose buttons we may use. */
  z.object({ name: z.literal('connectHeadset') }),
  z.object({ name: z.literal('setAutoAnswer'), on: z.boolean() }),
  z.object({ name: z.literal('watchPresence'), users: z.array(z.string().max(64)).max(200) }),
  z.object({ name: z.literal('runReadinessCheck') }),
  z.object({ name: z.literal('overrideReadiness'), reason: z.string().min(3).max(300) }),
  z.object({ name: z.literal('dismissLostCall'), contactId: uuid }),
  /** Keeps the flight record of a call in a file for IT, with the adviser's words. */
  z.object({ name: z.literal('reportBadCall'), contactId: uuid, comment: z.string().max(1000) }),
])

/** What travels on the channel. */
export const phoneMessage = z.discriminatedUnion('type', [
  /** `begun`: by a desk that has just been loaded, which the flight record of a call notes. */
  z.object({ type: z.literal('snapshot-wanted'), begun: z.boolean().optional() }),
  z.object({ type: z.literal('snapshot'), snapshot: phoneSnapshot }),
  z.object({ type: z.literal('reports-wanted') }),
  /** Of the calls of this shift, newest first. */
  z.object({ type: z.literal('reports'), reports: z.array(callReport) }),
  z.object({ type: z.literal('command'), commandId: uuid, command: phoneCommand }),
  z.object({
    type: z.literal('answer'),
    commandId: uuid,
    error: z
      .object({ code: z.string(), retry: z.enum(['never', 'now', 'later']), detail: z.string().optional() })
      .nullable(),
  }),
])

export const phoneChannelName = 'phone'

export type Registration = z.infer<typeof registration>
export type Microphone = z.infer<typeof microphone>
export type EndReason = z.infer<typeof endReason>
export type LineState = z.infer<typeof lineState>
export type Sound = z.infer<typeof sound>
export type DialTarget = z.infer<typeof dialTarget>
export type Transfer = z.infer<typeof transfer>
export type QualityAlert = z.infer<typeof qualityAlert>
export type CallQuality = z.infer<typeof callQuality>
export type Line = z.infer<typeof line>
export type ReadinessItem = z.infer<typeof readinessItem>
export type ReadinessCheck = z.infer<typeof readinessCheck>
export type Presence = z.infer<typeof presence>
export type LostCall = z.infer<typeof lostCall>
export type ReadinessProblem = z.infer<typeof readinessProblem>
export type PhoneSnapshot = z.infer<typeof phoneSnapshot>
export type PhoneCommand = z.infer<typeof phoneCommand>
export type PhoneMessage = z.infer<typeof phoneMessage>
