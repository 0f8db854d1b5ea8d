import type { Cancel, Clock } from '#shared/kernel/clock.ts'
import type { Log } from '#shared/kernel/log.ts'
import { dialogInfo, messageSummary, pidf, type WatchedDialog, type WatchedPresence } from './event-bodies.ts'
import { type Headers, type Hop, topVia } from './hop.ts'
import { parseAddress, parseUri, tagOf } from './sip-address.ts'
import {
  callIdOf,
  cseqOf,
  header,
  headersOf,
  type SipMessage,
  type SipRequest,
  type SipResponse,
} from './sip-message.ts'

/*
 * Who wants to know what about whom (RFC 6665), and telling them whenever it changed:
 *
 *   SUBSCRIBE ──200, NOTIFY──▶ active ──Expires 0, time over, 481 to a NOTIFY──▶ (forgotten)
 *
 * A subscriber whose connection is lost keeps the subscription until it runs out, and hears everything afresh when it
 * subscribes again.
 */

/** What there is to tell. */
export interface Watchable {
  /** Null when there is no such user, no telephone that could have calls, or only a queue. */
  dialogs(user: string): readonly WatchedDialog[] | null
  /** Null when there is no such user. */
  presence(user: string): WatchedPresence | null
  messages(user: string): { readonly newMessages: number; readonly oldMessages: number } | null
}

export interface Notifier {
  /** Answers a SUBSCRIBE and, if it is taken, sends the NOTIFY that must follow at once. */
  subscribe(request: SipRequest, user: string): void
  /** The answer to a NOTIFY. */
  response(response: SipResponse): void
  /** Something may be different now; each subscriber is told once, and only of what changed. */
  refresh(): void
  stop(): void
}

export interface NotifierOptions {
  readonly domain: string
  readonly hop: Hop
  readonly clock: Clock
  readonly log: Log
  readonly watchable: Watchable
  send(connectionName: string, message: SipMessage): void
}

const packages = {
  dialog: 'application/dialog-info+xml',
  presence: 'application/pidf+xml',
  'message-summary': 'application/simple-message-summary',
} as const
type Package = keyof typeof packages

/** For Allow-Events. */
export const eventPackages = Object.keys(packages).join(', ')

interface Subscription {
  readonly event: Package
  /** As it was asked for, with its id. */
  readonly eventHeader: string
  readonly user: string
  readonly callId: string
  /** Our address with our tag, and the subscriber's with theirs. */
  readonly here: string
  readonly there: string
  contact: string
  connectionName: string
  /** Of the last SUBSCRIBE, and of our last NOTIFY. */
  theirCseq: number
  ourCseq: number
  version: number
  told: string
  expiresAt: number
  timer: Cancel
}

const minExpiresSeconds = 5
const maxExpiresSeconds = 3600
const maxSubscriptions = 2000

export function createNotifier(options: NotifierOptions): Notifier {
  const { domain, hop, clock, log, watchable, send } = options
  const subscriptions = new Map<string, Subscription>()
  let isDue = false

  const keyOf = (callId: string, theirTag: string | null, eventHeader: string): string =>
    `${callId} ${theirTag} ${eventHeader}`

  function reply(request: SipRequest, status: number, reason: string, headers: Headers = []): SipResponse {
    const response = hop.respond(request, status, reason, headers)
    send(topVia(request)?.sentBy ?? '', response)
    return response
  }

  function subscribe(request: SipRequest, user: string): void {
    const eventHeader = (header(request, 'Event') ?? header(request, 'o') ?? '').trim()
    const event = (eventHeader.split(';')[0] ?? '').trim().toLowerCase()
    if (!isPackage(event)) {
      reply(request, 489, 'Bad Event', [['Allow-Events', eventPackages]])
      return
    }
    const expires = secondsOf(header(request, 'Expires'))
    if (expires !== 0 && expires < minExpiresSeconds) {
      reply(request, 423, 'Interval Too Brief', [['Min-Expires', String(minExpiresSeconds)]])
      return
    }
    const key = keyOf(callIdOf(request), tagOf(header(request, 'From')), eventHeader)
    const isNew = tagOf(header(request, 'To')) === null
    if (isNew) begin(request, { event, eventHeader, user, expires, key })
    else renew(request, subscriptions.get(key), expires)
  }

  function begin(
    request: SipRequest,
    asked: { event: Package; eventHeader: string; user: string; expires: number; key: string },
  ): void {
    const { event, eventHeader, user, expires, key } = asked
    const contact = parseAddress(header(request, 'Contact') ?? '')?.uri
    const accepted = headersOf(request, 'Accept').join().toLowerCase()
    if (contact === undefined) return void reply(request, 400, 'Bad Request')
    if (subscriptions.size >= maxSubscriptions) return void reply(request, 503, 'Service Unavailable')
    if (accepted !== '' && !accepted.includes(packages[event]) && !accepted.includes('*/*'))
      return void reply(request, 406, 'Not Acceptable')
    if (bodyOf(event, user, 0) === null) return void reply(request, ...refusalOf(event, user))
    // Messages are for those alone to whom they were left.
    const subscriber = parseUri(parseAddress(header(request, 'From') ?? '')?.uri ?? '')?.user
    if (event === 'message-summary' && subscriber !== user) return void reply(request, 403, 'Forbidden')

    const response = accept(request, expires)
    const subscription: Subscription = {
      event,
      eventHeader,
      user,
      callId: callIdOf(request),
      here: header(response, 'To') ?? '',
      there: header(request, 'From') ?? '',
      contact,
      connectionName: topVia(request)?.sentBy ?? '',
      theirCseq: cseqOf(request)?.number ?? 0,
      ourCseq: 0,
      version: 0,
      told: '',
      expiresAt: clock.now() + expires * 1000,
      timer: () => {},
    }
    subscriptions.set(key, subscription)
    log.info('switchboard/subscribed', { event })
    lastUntil(key, subscription, expires)
  }

  function refusalOf(event: Package, user: string): [status: number, reason: string] {
    const presence = event === 'dialog' ? watchable.presence(user) : null
    if (presence === null) return [404, 'Not Found']
    // Whoever asks may ask for the presence instead, which tells that there is no telephone.
    return presence.basic === 'closed' ? [480, 'Temporarily Unavailable'] : [489, 'Bad Event']
  }

  function renew(request: SipRequest, subscription: Subscription | undefined, expires: number): void {
    if (subscription === undefined || tagOf(subscription.here) !== tagOf(header(request, 'To')))
      return void reply(request, 481, 'Subscription Does Not Exist')
    const cseq = cseqOf(request)?.number ?? 0
    // RFC 3261 §12.2.2.
    if (cseq <= subscription.theirCseq) return void reply(request, 500, 'Server Internal Error')
    subscription.theirCseq = cseq
    subscription.contact = parseAddress(header(request, 'Contact') ?? '')?.uri ?? subscription.contact
    subscription.connectionName = topVia(request)?.sentBy ?? subscription.connectionName
    accept(request, expires)
    lastUntil(
      keyOf(subscription.callId, tagOf(subscription.there), subscription.eventHeader),
      subscription,
      expires,
    )
  }

  const accept = (request: SipRequest, expires: number): SipResponse =>
    reply(request, 200, 'OK', [
      ['Expires', String(expires)],
      ['Contact', contactHere],
      ['Allow-Events', eventPackages],
    ])

  const contactHere = `<sip:notifier@${hop.sentBy};transport=ws>`

  /** Sets the end and tells the whole state, as every SUBSCRIBE asks for (RFC 6665 §4.2.1.2). */
  function lastUntil(key: string, subscription: Subscription, seconds: number): void {
    subscription.timer()
    subscription.expiresAt = clock.now() + seconds * 1000
    if (seconds === 0) {
      end(key, subscription)
      return
    }
    subscription.timer = clock.after(seconds * 1000, () => end(key, subscription))
    notify(subscription, stateOf(subscription))
  }

  function end(key: string, subscription: Subscription, reason = 'timeout'): void {
    subscription.timer()
    subscriptions.delete(key)
    notify(subscription, `terminated;reason=${reason}`)
  }

  function stateOf({ expiresAt }: Subscription): string {
    return `active;expires=${Math.max(0, Math.ceil((expiresAt - clock.now()) / 1000))}`
  }

  function notify(subscription: Subscription, state: string): void {
    const { event, eventHeader, user, callId, here, there, contact, connectionName } = subscription
    const body = bodyOf(event, user, subscription.version) ?? ''
    subscription.told = bodyOf(event, user, 0) ?? ''
    subscription.version++
    const dialog = { from: here, to: there, callId, cseq: ++subscription.ourCseq }
    const headers: Headers = [
      ['Contact', contactHere],
      ['Event', eventHeader],
      ['Subscription-State', state],
      ['Content-Type', packages[event]],
    ]
    send(connectionName, hop.originated('NOTIFY', contact, dialog, { headers, body }))
  }

  function bodyOf(event: Package, user: string, version: number): string | null {
    const entity = `sip:${user}@${domain}`
    if (event === 'presence') {
      const presence = watchable.presence(user)
      return presence === null ? null : pidf(entity, presence)
    }
    if (event === 'dialog') {
      const dialogs = watchable.dialogs(user)
      return dialogs === null ? null : dialogInfo(entity, version, dialogs)
    }
    const messages = watchable.messages(user)
    return messages === null ? null : messageSummary(entity, messages)
  }

  return {
    subscribe,

    response(response) {
      if (cseqOf(response)?.method !== 'NOTIFY' || ![404, 405, 481].includes(response.status)) return
      const callId = callIdOf(response)
      const tag = tagOf(header(response, 'To'))
      for (const [key, subscription] of subscriptions) {
        if (subscription.callId !== callId || tagOf(subscription.there) !== tag) continue
        subscription.timer()
        subscriptions.delete(key)
      }
    },

    refresh() {
      if (isDue) return
      isDue = true
      // One change of a call is often several of its parts.
      queueMicrotask(() => {
        isDue = false
        for (const [key, subscription] of [...subscriptions]) {
          const { event, user, told } = subscription
          const body = bodyOf(event, user, 0)
          if (body === null) end(key, subscription, 'noresource')
          else if (body !== told) notify(subscription, stateOf(subscription))
        }
      })
    },

    stop() {
      for (const { timer } of subscriptions.values()) timer()
      subscriptions.clear()
    },
  }
}

const isPackage = (event: string): event is Package => Object.hasOwn(packages, event)

function secondsOf(value: string | undefined): number {
  const given = value !== undefined && /^\d{1,10}$/.test(value.trim()) ? Number(value) : maxExpiresSeconds
  return Math.min(given, maxExpiresSeconds)
}
