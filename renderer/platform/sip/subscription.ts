import type { Core, URI, UserAgent } from 'sip.js'
import type { Cancel, Clock } from '#shared/kernel/clock.ts'

export interface SubscriptionOptions {
  readonly agent: UserAgent
  readonly clock: Clock
  readonly target: URI
  /** Tried in turn until the switchboard knows one; each `read` answers false for a body it cannot use. */
  readonly packages: readonly EventPackage[]
  /** Nothing is known any more: refused, expired, or never answered. */
  unknown(): void
}

export interface EventPackage {
  readonly event: string
  readonly accept: string
  read(body: string): boolean
}

/** A subscription that is kept alive (RFC 6665) until it is stopped, or the connection is lost. */
export interface Subscription {
  stop(): void
}

const expiresS = 600
/** A refusal may pass: a queue that is set up later, a colleague who comes to work. */
const againAfterMs = 300_000
const answerWithinMs = 10_000

export function subscribe(options: SubscriptionOptions): Subscription {
  const { agent, clock, target, packages } = options
  const core = agent.userAgentCore
  let round = 0
  let patience: Cancel = () => {}
  let request: Core.OutgoingSubscribeRequest | null = null
  let dialog: Core.Subscription | null = null

  function begin(index: number): void {
    const wanted = packages[index]
    patience()
    if (wanted === undefined) {
      options.unknown()
      patience = clock.after(againAfterMs, () => begin(0))
      return
    }
    round += 1
    const mine = round
    const next = () => {
      if (mine !== round) return
      drop()
      begin(index + 1)
    }
    const message = core.makeOutgoingRequestMessage('SUBSCRIBE', target, core.configuration.aor, target, {}, [
      `Event: ${wanted.event}`,
      `Expires: ${expiresS}`,
      `Accept: ${wanted.accept}`,
      `Contact: ${core.configuration.contact.toString()}`,
    ])
    patience = clock.after(answerWithinMs, next)
    request = core.subscribe(message, {
      onReject: next,
      onRedirect: next,
      onNotifyTimeout: next,
      onNotify(notified) {
        void notified.request.accept()
        if (mine !== round) return
        patience()
        follow(mine, index, notified.subscription)
        heard(mine, index, wanted, notified.request.message)
      },
    })
  }

  function follow(mine: number, index: number, made: Core.Subscription | undefined): void {
    if (made === undefined) return
    dialog = made
    made.autoRefresh = true
    made.delegate = {
      onNotify(notified) {
        notified.accept()
        const wanted = packages[index]
        if (mine === round && wanted !== undefined) heard(mine, index, wanted, notified.message)
      },
      onRefresh(refreshed) {
        refreshed.delegate = { onReject: () => over(mine), onRedirect: () => over(mine) }
      },
      onTerminated: () => over(mine),
    }
  }

  function heard(mine: number, index: number, wanted: EventPackage, message: Core.IncomingMessage): void {
    const state = message.getHeader('subscription-state') ?? ''
    const known = message.body === '' || wanted.read(message.body)
    if (!known) options.unknown()
    if (!/^\s*terminated\b/i.test(state)) return
    // RFC 6665 §4.1.3: these say that asking again is no use; the rest that it is.
    if (/reason\s*=\s*(?:rejected|noresource|invariant)\b/i.test(state) && mine === round) {
      drop()
      begin(index + 1)
    } else {
      over(mine)
    }
  }

  /** It ended although nobody wanted it to: a little later it is asked for again. */
  function over(mine: number): void {
    if (mine !== round) return
    drop()
    options.unknown()
    patience = clock.after(answerWithinMs, () => begin(0))
  }

  function drop(): void {
    round += 1
    patience()
    request?.waitNotifyStop()
    request?.dispose()
    request = null
    dialog?.dispose()
    dialog = null
  }

  begin(0)

  return {
    stop() {
      const active = dialog?.subscriptionState
      if (agent.transport.isConnected() && (active === 'Active' || active === 'Pending')) {
        dialog?.unsubscribe()
      }
      drop()
    },
  }
}
