import type { Invitation } from 'sip.js'
import type { Line } from '#shared/contract/phone.ts'
import type { AutoAnswer } from './auto-answer.ts'
import { callFacts, type Refusal, refusalOf, wantsAutoAnswer } from './incoming-call.ts'
import type { SipLine } from './line.ts'
import type { LiveLines } from './live-lines.ts'
import { beginLine } from './outgoing-call.ts'
import { replacedLine } from './replaced-dialog.ts'
import { createSipLine, type LineDeps } from './sip-line.ts'

export interface IncomingCallsOptions {
  readonly lines: LiveLines
  readonly deps: LineDeps
  readonly autoAnswer: AutoAnswer
  readonly mostLiveLines: number
  added(): void
}

/** The desk shows first that it rings; nobody answers sooner. */
const prepareAfterMs = 100

/** Calls that come in: refused, rung, or put in the place of one that is up. */
export interface IncomingCalls {
  invited(invitation: Invitation): void
  /** Whether calls that no queue offered are told busy at once. */
  refuseDirect(on: boolean): void
}

export function createIncomingCalls(options: IncomingCallsOptions): IncomingCalls {
  const { lines, deps, autoAnswer } = options
  const { clock, log } = deps
  let directCallsRefused = false

  function refuse(invitation: Invitation, refusal: Refusal): void {
    log.info('phone.call-refused', { status: refusal.statusCode })
    invitation.reject(refusal).catch(() => {})
  }

  function whyBusy({ request }: Invitation): Refusal | null {
    const direct = request.getHeader('x-queue-id') === undefined
    const full = lines.live().length >= options.mostLiveLines
    return full || (directCallsRefused && direct) ? { statusCode: 486 } : null
  }

  function begin(invitation: Invitation, known: Partial<Line> = {}): SipLine {
    const state = { name: 'ringing', since: clock.now() } as const
    const facts = { ...beginLine(invitation, state, deps), ...callFacts(invitation), ...known }
    const line = createSipLine(invitation, facts, deps)
    lines.add(line)
    return line
  }

  function ring(invitation: Invitation): void {
    const line = begin(invitation)
    invitation.progress().catch(() => {})
    const afterMs = wantsAutoAnswer(invitation)
    if (afterMs !== null) autoAnswer.offered(line, afterMs)
    options.added()
    clock.after(prepareAfterMs, line.prepare)
  }

  /** Someone else takes the place of a line's far end, as at the end of an attended transfer: nothing rings. */
  function takeOver(invitation: Invitation, before: SipLine): void {
    const { contactId, queue, waitedMs, dialled, muted, state: was } = before.line()
    const line = begin(invitation, { contactId, queue, waitedMs, dialled, muted })
    const spokenOn = was.name === 'active' || lines.live().every((each) => each === line || each === before)
    if (spokenOn) lines.speakOnlyOn([line, before])
    // The one that is replaced is silenced and not held: the renegotiation would cross its BYE.
    const silenced = spokenOn ? before : line
    silenced.park(true)
    void line.answer().then(({ ok: answered }) => {
      if (!answered && spokenOn) before.park(false)
      if (!answered) return
      before.endTransferred()
      if (!spokenOn) void line.hold()
    })
  }

  return {
    invited(invitation) {
      const replaced = replacedLine(invitation.request, lines.all())
      const refusal = refusalOf(invitation) ?? (replaced === null ? whyBusy(invitation) : null)
      if (refusal !== null) refuse(invitation, refusal)
      else if (replaced === null) ring(invitation)
      else if ('refusal' in replaced) refuse(invitation, replaced.refusal)
      else takeOver(invitation, replaced.line)
    },
    refuseDirect(on) {
      directCallsRefused = on
    },
  }
}
