import { type Invitation, Inviter, type URI, UserAgent } from 'sip.js'
import { describeTarget } from '#shared/calls/dial-target.ts'
import { callsError } from '#shared/calls/errors.ts'
import { newLine } from '#shared/calls/line.ts'
import type { DialTarget, Line, LineState } from '#shared/contract/phone.ts'
import type { Clock } from '#shared/kernel/clock.ts'
import type { Random } from '#shared/kernel/random.ts'
import { err, type Result } from '#shared/kernel/result.ts'
import type { Connection } from './connection.ts'
import type { SipLine } from './line.ts'
import type { LiveLines } from './live-lines.ts'
import { createSipLine, type LineDeps } from './sip-line.ts'

/** A call to be made. */
export interface OutgoingCall {
  readonly target: URI
  readonly remote: Line['remote']
  readonly contactId?: string | undefined
  readonly purpose?: Line['purpose']
  readonly extraHeaders?: string[]
  /** Lines that are spoken on beside it. */
  readonly beside?: readonly SipLine[]
}

export interface OutgoingCallsOptions {
  readonly agent: UserAgent
  readonly connection: Connection
  readonly lines: LiveLines
  readonly deps: LineDeps
  readonly mostLiveLines: number
  added(): void
}

export interface OutgoingCalls {
  /** Holds the other lines but those of `beside`. */
  dial(target: DialTarget, contactId?: string, beside?: readonly string[]): Promise<Result<null>>
  /** The call that would reach a target from the adviser's own account: at its switchboard, but for whole addresses. */
  to(target: DialTarget): OutgoingCall
  /** Why another call cannot be made just now; null when it can. */
  whyNot(): Result<null> | null
  /** Holds the others and dials. `begun` tells whether the INVITE could be sent. */
  place(call: OutgoingCall): Promise<{ line: SipLine; begun: Result<null> }>
  /** A microphone is live. */
  hasVoice(): boolean
}

const emergencyTriesForMs = 4_000
/** A telephone that was just started has its microphone and its registration by then. */
const startsWithinMs = 1_500
const lookAgainMs = 50

export function createOutgoingCalls(options: OutgoingCallsOptions): OutgoingCalls {
  const { agent, connection, lines, deps } = options
  const { clock, transport, media } = deps

  function hasVoice(): boolean {
    const track = media.voiceTrack()
    track?.stop()
    return track !== null
  }

  function whyNot(): Result<null> | null {
    if (connection.state().name !== 'registered') return err(callsError('calls/not-registered', 'now'))
    if (lines.live().length >= options.mostLiveLines) return err(callsError('calls/line-in-use', 'now'))
    return hasVoice() ? null : err(callsError('calls/no-microphone', 'now'))
  }

  const aMoment = () => new Promise<void>((resolve) => clock.after(lookAgainMs, resolve))

  /** A call that is asked for while the telephone still starts is not refused for it. */
  async function whyNotSoon(): Promise<Result<null> | null> {
    for (const until = clock.now() + startsWithinMs; clock.now() < until; ) {
      if (whyNot() === null || lines.live().length >= options.mostLiveLines) break
      await aMoment()
    }
    return whyNot()
  }

  /** An emergency call is tried over any open connection, registered or not, after one more attempt to register. */
  async function whyNotEvenNow(): Promise<Result<null> | null> {
    connection.register()
    for (const until = clock.now() + emergencyTriesForMs; clock.now() < until; ) {
      const { name } = connection.state()
      if (name === 'registered' || (name === 'refused' && transport.isConnected())) return null
      await aMoment()
    }
    return transport.isConnected() ? null : err(callsError('calls/not-registered', 'now'))
  }

  function to(target: DialTarget): OutgoingCall {
    if (target.kind === 'sip') return { target: uriOf(target.uri), remote: remoteOf(target) }
    const uri = agent.configuration.uri.clone()
    uri.user = target.kind === 'internal' ? target.user : target.number
    return { target: uri, remote: remoteOf(target) }
  }

  async function place(call: OutgoingCall): Promise<{ line: SipLine; begun: Result<null> }> {
    const { target, remote, contactId, purpose, extraHeaders = [], beside = [] } = call
    const inviter = new Inviter(agent, target, { earlyMedia: true, extraHeaders })
    const state = { name: 'dialling', since: clock.now(), progress: 'trying' } as const
    const line = createSipLine(
      inviter,
      {
        ...beginLine(inviter, state, deps),
        remote,
        ...(contactId === undefined ? {} : { contactId }),
        ...(purpose === undefined ? {} : { purpose }),
      },
      deps,
    )
    lines.add(line)
    lines.speakOnlyOn([...beside, line])
    options.added()
    return { line, begun: await line.dial() }
  }

  return {
    async dial(target, contactId, beside = []) {
      const problem = target.kind === 'emergency' ? await whyNotEvenNow() : await whyNotSoon()
      if (problem !== null) return problem
      const kept = lines.live().filter((line) => beside.includes(line.line().id))
      return (await place({ ...to(target), contactId, beside: kept })).begun
    },
    to,
    whyNot,
    place,
    hasVoice,
  }
}

/** A line as it first appears. */
export function beginLine(
  session: Invitation | Inviter,
  state: LineState,
  { clock, random }: { readonly clock: Clock; readonly random: Random },
): Line {
  return newLine({
    id: random.uuid(),
    contactId: random.uuid(),
    callId: session.request.callId,
    direction: session instanceof Inviter ? 'outbound' : 'inbound',
    state,
    remote: { withheld: true },
    at: clock.now(),
  })
}

/** Throws for text that is no SIP URI, which the contract rules out. */
export function uriOf(text: string): URI {
  const uri = UserAgent.makeURI(text)
  if (uri === undefined) throw new Error('not a SIP URI')
  return uri
}

/** What is known of the far end before it has said anything. */
function remoteOf(target: DialTarget): Line['remote'] {
  if (target.kind === 'number') return { number: target.number, withheld: false }
  return { displayName: describeTarget(target), withheld: false }
}
