import type { Session } from 'sip.js'
import { callsError } from '#shared/calls/errors.ts'
import { afterReinvite, type ReinviteOutcome } from '#shared/calls/recovery.ts'
import type { Clock } from '#shared/kernel/clock.ts'
import type { Random } from '#shared/kernel/random.ts'
import { err, ok, type Result } from '#shared/kernel/result.ts'
import type { CheckingTransport } from './checking-transport.ts'
import { type Reinvite, reinvite } from './session-requests.ts'

export interface LineHoldsOptions {
  readonly session: Session
  readonly transport: CheckingTransport
  readonly clock: Clock
  readonly random: Random
  /** Whether we made the Call-ID, that is, dialled the call. */
  readonly ownsCallId: boolean
  /** The call has not ended. */
  live(): boolean
  /** The dialog's signalling path works. */
  reachable(): boolean
  /** What is wanted or agreed has changed. */
  changed(): void
}

/** Who holds whom from this side, and the only place from which a call is renegotiated. */
export interface LineHolds {
  /** The adviser wants it held: what is said must stop, whether the far end has agreed or not. */
  wanted(): boolean
  /** What the far end has agreed to. */
  agreed(): boolean
  /** Resolves when the far end has answered, or after 4 s as begun. */
  change(hold: boolean): Promise<Result<null>>
  /** Renegotiates with what is wanted now; `unanswered` at once when another negotiation is under way. */
  renegotiate(iceRestart: boolean): Promise<ReinviteOutcome>
}

/** A far end that thinks longer about being held is waited for while the adviser goes on. */
const begunAfterMs = 4_000
const mostGlares = 3

export function createLineHolds(options: LineHoldsOptions): LineHolds {
  const { session, transport, clock } = options
  let wanted = false
  let agreed = false
  let underWay: Promise<ReinviteOutcome> | null = null

  function negotiate(how: Reinvite): Promise<ReinviteOutcome> {
    if (underWay !== null) return Promise.resolve({ name: 'unanswered' })
    underWay = reinvite(session, how, transport, clock).then((outcome) => {
      underWay = null
      if (outcome.name === 'accepted') {
        agreed = how.hold
        options.changed()
      }
      return outcome
    })
    return underWay
  }

  /** Tries again after glare, when both ends renegotiated at once (RFC 3261 §14.1). */
  async function negotiateThroughGlare(how: Reinvite): Promise<ReinviteOutcome> {
    for (let attempt = 1; ; attempt += 1) {
      const outcome = await negotiate(how)
      const glare = outcome.name === 'rejected' && outcome.status === 491
      if (!glare || attempt === mostGlares || !options.live()) return outcome
      const step = afterReinvite(outcome, {
        attempt,
        withIceRestart: false,
        ownsCallId: options.ownsCallId,
        jitter: options.random.next(),
      })
      await new Promise<void>((resolve) => clock.after(step.name === 'retry' ? step.afterMs : 0, resolve))
    }
  }

  async function settle(hold: boolean): Promise<Result<null>> {
    while (underWay !== null) await underWay
    if (wanted !== hold || agreed === hold || !options.live()) return ok(null)
    const outcome = await negotiateThroughGlare({ hold, iceRestart: false })
    if (outcome.name === 'accepted' || !options.live()) return ok(null)
    if (wanted === hold) wanted = !hold
    options.changed()
    const detail = outcome.name === 'rejected' ? String(outcome.status) : 'no answer'
    return err(callsError('calls/far-end-refused', 'now', detail))
  }

  return {
    wanted: () => wanted,
    agreed: () => agreed,
    async change(hold) {
      if (!options.reachable()) return err(callsError('calls/signalling-lost', 'now'))
      if (wanted === hold) return ok(null)
      // The adviser's words stop at once; the far end's consent may take a moment.
      wanted = hold
      options.changed()
      const begun = new Promise<Result<null>>((resolve) => clock.after(begunAfterMs, () => resolve(ok(null))))
      return Promise.race([settle(hold), begun])
    },
    renegotiate: (iceRestart) => negotiate({ hold: wanted, iceRestart }),
  }
}
