import type { UserAgent } from 'sip.js'
import type { Cancel, Clock } from '#shared/kernel/clock.ts'
import type { CheckingTransport } from './checking-transport.ts'
import { isLocal } from './session-requests.ts'

/** While a call is up, and between calls. */
interface Pace {
  readonly everyMs: number
  readonly answerWithinMs: number
}
const duringCall: Pace = { everyMs: 3_000, answerWithinMs: 2_000 }
const betweenCalls: Pace = { everyMs: 10_000, answerWithinMs: 3_000 }

export interface KeepAlive {
  /** Begins anew; to be called whenever a connection was opened. */
  start(): void
  stop(): void
  /** Asks now, without waiting for the next turn; the answer has to come within this time, or sooner. */
  check(answerWithinMs: number): void
  /** For how long an answer has been awaited and nothing at all was heard; null when something was, or none is awaited. */
  silentForMs(): number | null
  /** How long the switchboard took for its last answer over this connection; null before the first. */
  roundTripMs(): number | null
}

/**
 * Asks the switchboard whether it is still there (OPTIONS, RFC 3261 §11) and gives the connection up when nothing at
 * all was heard in time. A frozen socket sends no close, and a proxy in between may answer blank lines by itself:
 * only an answer of the switchboard counts.
 */
export function createKeepAlive(
  agent: UserAgent,
  transport: CheckingTransport,
  clock: Clock,
  callIsUp: () => boolean,
): KeepAlive {
  let cancelTurn: Cancel = () => {}
  let cancelAnswer: Cancel = () => {}
  let askedAt = Number.NEGATIVE_INFINITY
  /** When the answer is due; null when none is awaited. */
  let dueAt: number | null = null
  let roundTripMs: number | null = null

  const pace = () => (callIsUp() ? duringCall : betweenCalls)

  function check(answerWithinMs: number): void {
    if (!transport.isConnected()) return
    const now = clock.now()
    if (dueAt === null || transport.heardAt >= askedAt) {
      askedAt = now
      dueAt = Number.POSITIVE_INFINITY
      ask(agent, () => {
        if (askedAt === now) roundTripMs = clock.now() - now
      })
    }
    dueAt = Math.min(dueAt, now + answerWithinMs)
    cancelAnswer()
    cancelAnswer = clock.after(dueAt - now, answerIsDue)
  }

  function answerIsDue(): void {
    dueAt = null
    if (transport.heardAt < askedAt) transport.lose('no-answer')
  }

  /** At the quicker pace always, so that a call finds it; between calls most turns ask nothing. */
  function turn(): void {
    const { everyMs, answerWithinMs } = pace()
    if (clock.now() - askedAt >= everyMs) check(answerWithinMs)
    cancelTurn = clock.after(duringCall.everyMs, turn)
  }

  function stop(): void {
    cancelTurn()
    cancelAnswer()
    dueAt = null
    roundTripMs = null
  }

  return {
    start() {
      stop()
      askedAt = clock.now()
      cancelTurn = clock.after(duringCall.everyMs, turn)
    },
    stop,
    check,
    silentForMs() {
      return dueAt === null || transport.heardAt >= askedAt ? null : clock.now() - askedAt
    },
    roundTripMs: () => roundTripMs,
  }
}

/** Any answer will do, if it came from the switchboard. */
function ask(agent: UserAgent, answered: () => void): void {
  const core = agent.userAgentCore
  const { aor } = core.configuration
  const target = aor.clone()
  target.user = undefined
  const request = core.makeOutgoingRequestMessage('OPTIONS', target, aor, aor, {})
  const heard = ({ message }: { message: Parameters<typeof isLocal>[0] }) => {
    if (!isLocal(message)) answered()
  }
  core.request(request, { onAccept: heard, onRedirect: heard, onReject: heard })
}
