import type { Core, URI, UserAgent } from 'sip.js'
import { isPackageRefused } from '#shared/calls/presence.ts'
import type { Cancel, Clock } from '#shared/kernel/clock.ts'

export interface SubscriptionOptions {
  readonly agent: UserAgent
  readonly clock: Clock
  readonly target: URI
  readonly event: string
  /** Media type of what is told. */
  readonly accept: string
  /** Answers false for a body it cannot use. */
  read(body: string): boolean
  /** Nothing is known any more: the switchboard will not tell, or it ended, failed or was never answered. */
  unknown(why: 'refused' | 'lost'): void
}

/** A subscription to one event package that is kept alive (RFC 6665) until it is stopped, or the connection is lost. */
export interface Subscription {
  stop(): void
}

const expiresS = 600
/** A refusal may pass: a queue that is set up later, a colleague who comes to work. */
const againAfterMs = 300_000
const answerWithinMs = 10_000

export function subscribe(options: SubscriptionOptions): Subscription {
  const { agent, clock, target, event } = options
  const core = agent.userAgentCore
  let round = 0
  let patience: Cancel = () => {}
  let request: Core.OutgoingSubscribeRequest | null = null
  let dialog: Core.Subscription | null = null

  function begin(): void {
    round += 1
    const mine = round
    const failed = (status?: number) =>
      over(mine, status !== undefined && isPackageRefused(status) ? 'refused' : 'lost', againAfterMs)
    const message = core.makeOutgoingRequestMessage('SUBSCRIBE', target, core.configuration.aor, target, {}, [
      `Event: ${event}`,
      `Expires: ${expiresS}`,
      `Accept: ${options.accept}`,
      `Contact: ${core.configuration.contact.toString()}`,
    ])
    patience = clock.after(answerWithinMs, () => failed())
    request = core.subscribe(message, {
      onReject: (response) => failed(response.message.statusCode),
      onRedirect: () => failed(),
      onNotifyTimeout: () => failed(),
      onNotify(notified) {
        void notified.request.accept()
        if (mine !== round) return
        patience()
        follow(mine, notified.subscription)
        heard(mine, notified.request.message)
      },
    })
  }

  function follow(mine: number, made: Core.Subscription | undefined): void {
    if (made === undefined) return
    dialog = made
    made.autoRefresh = true
    made.delegate = {
      onNotify(notified) {
        notified.accept()
        if (mine === round) heard(mine, notified.message)
      },
      onRefresh(refreshed) {
        refreshed.delegate = { onReject: () => over(mine, 'lost'), onRedirect: () => over(mine, 'lost') }
      },
      onTerminated: () => over(mine, 'lost'),
    }
  }

  function heard(mine: number, message: Core.IncomingMessage): void {
    const state = message.getHeader('subscription-state') ?? ''
    if (message.body !== '' && !options.read(message.body)) options.unknown('lost')
    if (!/^\s*terminated\b/i.test(state)) return
    // RFC 6665 §4.1.3: with these, asking again is no use for now.
    const [reason = ''] = /\b(?:rejected|noresource|invariant)\b/i.exec(state) ?? []
    if (reason === '') over(mine, 'lost')
    else over(mine, reason.toLowerCase() === 'rejected' ? 'refused' : 'lost', againAfterMs)
  }

  /** It did not come about, or ended although nobody wanted it to: later it is asked for again. */
  function over(mine: number, why: 'refused' | 'lost', againMs: number = answerWithinMs): void {
    if (mine !== round) return
    drop()
    patience = clock.after(againMs, begin)
    options.unknown(why)
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

  begin()

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
