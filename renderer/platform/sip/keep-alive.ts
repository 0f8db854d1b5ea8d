import type { UserAgent } from 'sip.js'
import type { Cancel, Clock } from '#shared/kernel/clock.ts'
import type { CheckingTransport } from './checking-transport.ts'

const everyMs = 10_000
const answerWithinMs = 3_000

export interface KeepAlive {
  /** Begins anew; to be called whenever a connection was opened. */
  start(): void
  stop(): void
  /** Asks now, without waiting for the next turn. */
  check(): void
}

/**
 * Asks the switchboard whether it is still there (OPTIONS, RFC 3261 §11) and gives the connection up when nothing at
 * all was heard within 3 s. A frozen socket sends no close, and a proxy in between may answer blank lines by itself:
 * only an answer of the switchboard counts.
 */
export function createKeepAlive(agent: UserAgent, transport: CheckingTransport, clock: Clock): KeepAlive {
  let cancel: Cancel = () => {}
  let asking = false

  const check = () => {
    if (asking || !transport.isConnected()) return
    cancel()
    asking = true
    const askedAt = clock.now()
    ask(agent)
    cancel = clock.after(answerWithinMs, () => {
      asking = false
      if (transport.heardAt < askedAt) transport.lose('no-answer')
      else cancel = clock.after(everyMs - answerWithinMs, check)
    })
  }

  const stop = () => {
    cancel()
    asking = false
  }

  return {
    start() {
      stop()
      cancel = clock.after(everyMs, check)
    },
    stop,
    check,
  }
}

function ask(agent: UserAgent): void {
  const core = agent.userAgentCore
  const { aor } = core.configuration
  const target = aor.clone()
  target.user = undefined
  const request = core.makeOutgoingRequestMessage('OPTIONS', target, aor, aor, {})
  core.request(request)
}
