import { z } from 'zod'
import { agentStateAnswer, agentStateRequest, e164 } from './rest.ts'

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
  /** `silent`: packets stopped arriving or leaving for over 2 s since `since`. */
  inbound: z.enum(['not-yet', 'flowing', 'silent', 'held']),
  outbound: z.enum(['not-yet', 'flowing', 'silent', 'held', 'muted']),
  since: at,
  /** Sum of squared samples × seconds of the resident's voice (W3C webrtc-stats totalAudioEnergy). */
  inboundEnergy: z.number(),
  packetsReceived: z.number().int(),
  packetsSent: z.number().int(),
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
  muted: z.boolean(),
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
])

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
})

export const phoneCommand = z.discriminatedUnion('name', [
  z.object({ name: z.literal('answer'), lineId: uuid }),
  z.object({ name: z.literal('reject'), lineId: uuid }),
  z.object({ name: z.literal('hangUp'), lineId: uuid }),
  z.object({ name: z.literal('hold'), lineId: uuid }),
  z.object({ name: z.literal('resume'), lineId: uuid }),
  z.object({ name: z.literal('setMuted'), lineId: uuid, muted: z.boolean() }),
  z.object({ name: z.literal('sendDigits'), lineId: uuid, digits: z.string().regex(/^[0-9A-D*#]{1,32}$/) }),
  z.object({ name: z.literal('dial'), number: e164 }),
  /** Forgets an ended line once its contact is wrapped up. */
  z.object({ name: z.literal('dismissLine'), lineId: uuid }),
  z.object({ name: z.literal('requestAgentState'), request: agentStateRequest }),
  /** Asks for the microphone again after it was denied or absent. */
  z.object({ name: z.literal('checkMicrophone') }),
  z.object({ name: z.literal('register') }),
])

/** What travels on the channel. */
export const phoneMessage = z.discriminatedUnion('type', [
  z.object({ type: z.literal('snapshot-wanted') }),
  z.object({ type: z.literal('snapshot'), snapshot: phoneSnapshot }),
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
export type Line = z.infer<typeof line>
export type ReadinessProblem = z.infer<typeof readinessProblem>
export type PhoneSnapshot = z.infer<typeof phoneSnapshot>
export type PhoneCommand = z.infer<typeof phoneCommand>
export type PhoneMessage = z.infer<typeof phoneMessage>
