import type { Cancel, Clock } from '#shared/kernel/clock.ts'
import type { Log } from '#shared/kernel/log.ts'
import type { MessageLayer } from './checking-transport.ts'
import {
  callIdOf,
  type Head,
  listed,
  readCSeq,
  readHead,
  replyTo,
  statusOf,
  tagOf,
  transactionOf,
  values,
  withHeaders,
  withListed,
  withoutHeader,
} from './message-text.ts'

/** How a refresh of the session ended. `gone`: the far end no longer knows the call. */
export type Refreshed = 'accepted' | 'gone' | 'failed'

/** What a call does for its session timer. */
export interface TimedSession {
  /** Renews the session: UPDATE without a description where the far end takes it, else a re-INVITE. */
  refresh(method: 'UPDATE' | 'INVITE'): Promise<Refreshed>
  /** The far end has not renewed the session in time, or no longer knows it: ends the call with BYE. */
  expire(): void
}

export interface SessionTimers extends MessageLayer {
  /** Keeps the session timer of a call until the result is called. */
  follow(callId: string, session: TimedSession): Cancel
}

export interface SessionTimerOptions {
  readonly clock: Clock
  readonly log: Log
  /** While the connection is away no session runs out: the recovery finds out whether the call is still there. */
  connected(): boolean
  /** Sends an answer that the library has no part in. */
  answer(text: string): void
  /** The shortest interval that is accepted. RFC 4028 §4 allows nothing under 90 s; only tests go below. */
  readonly shortestS?: number
}

/** RFC 4028 §4 recommends half an hour. */
const preferredS = 1_800
const shortestAllowedS = 90
const tryAgainMs = 5_000
const mostUnfollowed = 20

interface Wanted {
  /** 0 when no timer is wanted. */
  readonly intervalS: number
  readonly refresher: 'uac' | 'uas' | null
  readonly supported: boolean
}

interface Timed {
  session: TimedSession | null
  /** As agreed; 0 while there is no timer. */
  intervalS: number
  weRefresh: boolean
  farEndTakesUpdate: boolean
  /** What the far end accepts at least (Min-SE). */
  shortestThereS: number
  timer: Cancel
  /** By CSeq: what requests that are not answered yet want. */
  readonly wanted: Map<number, Wanted>
  /** Our own requests that wait for an answer: nothing else may change what was agreed. */
  readonly asked: Set<string>
  retried: boolean
}

/**
 * Session timers (RFC 4028), which the library does not have. They are a matter of headers in INVITE, UPDATE and
 * their 2xx, so they are kept between transport and library: the ends agree on an interval; one of them renews the
 * session at half of it, and the other hangs up shortly before its end when that has not happened.
 */
export function createSessionTimers(options: SessionTimerOptions): SessionTimers {
  const { clock, log } = options
  const shortestS = options.shortestS ?? shortestAllowedS
  const calls = new Map<string, Timed>()

  function callOf(callId: string): Timed {
    const known = calls.get(callId)
    if (known !== undefined) return known
    const made: Timed = {
      session: null,
      intervalS: 0,
      weRefresh: false,
      farEndTakesUpdate: false,
      shortestThereS: 0,
      timer: () => {},
      wanted: new Map(),
      asked: new Set(),
      retried: false,
    }
    calls.set(callId, made)
    const unfollowed = [...calls].filter(([, call]) => call.session === null)
    // Calls that were refused before anyone followed them.
    for (const [old] of unfollowed.slice(0, Math.max(0, unfollowed.length - mostUnfollowed)))
      calls.delete(old)
    return made
  }

  /* ── Agreeing ─────────────────────────────────────────────────────────────────────────────────────────────── */

  function requestReceived(text: string, head: Head, cseq: number): string | null {
    const wanted = wantedIn(head)
    if (wanted.supported && wanted.intervalS > 0 && wanted.intervalS < shortestS) {
      log.info('sip.session-interval-refused', { seconds: wanted.intervalS })
      options.answer(replyTo(head, 422, 'Session Interval Too Small', [`Min-SE: ${shortestS}`]))
      return null
    }
    const call = callOf(callIdOf(head))
    call.wanted.set(cseq, wanted)
    if (values(head, 'allow').length > 0) call.farEndTakesUpdate = listed(head, 'allow').includes('update')
    return text
  }

  /** Our 2xx to what the far end asked (RFC 4028 §9). */
  function answerSent(text: string, head: Head, cseq: number): string {
    const call = callOf(callIdOf(head))
    const wanted = call.wanted.get(cseq)
    call.wanted.delete(cseq)
    if (wanted === undefined) return text
    if (wanted.intervalS === 0) {
      agree(call, 0, false)
      return text
    }
    const weRefresh = wanted.supported ? wanted.refresher === 'uas' : true
    agree(call, wanted.intervalS, weRefresh)
    const answered = withHeaders(text, [
      `Session-Expires: ${wanted.intervalS};refresher=${weRefresh ? 'uas' : 'uac'}`,
    ])
    return wanted.supported ? withListed(answered, 'Require', 'timer') : answered
  }

  /** An INVITE or UPDATE of ours asks for a timer, or for the one there is (RFC 4028 §7.1, §7.4). */
  function requestSent(text: string, head: Head): string {
    const call = callOf(callIdOf(head))
    call.asked.add(transactionOf(head) ?? '')
    const begins = tagOf(head, 'to') === ''
    const refresher = begins || call.intervalS === 0 ? '' : `;refresher=${call.weRefresh ? 'uac' : 'uas'}`
    const intervalS = Math.max(call.intervalS === 0 ? preferredS : call.intervalS, call.shortestThereS)
    const shortest = call.shortestThereS > 0 ? [`Min-SE: ${call.shortestThereS}`] : []
    return withHeaders(withListed(text, 'Supported', 'timer'), [
      `Session-Expires: ${intervalS}${refresher}`,
      ...shortest,
    ])
  }

  function answerReceived(text: string, head: Head, status: number): string {
    const call = calls.get(callIdOf(head))
    const transaction = transactionOf(head) ?? ''
    if (call === undefined || !call.asked.has(transaction)) return text
    if (status >= 200) call.asked.delete(transaction)
    if (values(head, 'allow').length > 0) call.farEndTakesUpdate = listed(head, 'allow').includes('update')
    if (status === 422) return tooSmall(text, head, call)
    if (status >= 200 && status < 300) {
      const { intervalS, refresher } = wantedIn(head)
      agree(call, intervalS, refresher !== 'uas')
    }
    return text
  }

  /**
   * The far end wants a longer interval. Of the library's ways to send an INVITE again one fits: an answer to a
   * challenge. The credentials it adds are taken off again in `sending`.
   */
  function tooSmall(text: string, head: Head, call: Timed): string {
    const [least] = values(head, 'min-se')
    call.shortestThereS = Math.max(call.shortestThereS, Number.parseInt(least ?? '', 10) || 0)
    if (tagOf(head, 'to') === '' || call.intervalS > 0 || call.retried) return text
    call.retried = true
    const challenge = `WWW-Authenticate: Digest realm="${retryRealm}", nonce="${retryRealm}", stale=true`
    return withHeaders(text.replace(/^SIP\/2\.0 422[^\r\n]*/i, 'SIP/2.0 401 Unauthorized'), [challenge])
  }

  /* ── Keeping ──────────────────────────────────────────────────────────────────────────────────────────────── */

  function agree(call: Timed, intervalS: number, weRefresh: boolean): void {
    call.timer()
    call.intervalS = intervalS
    call.weRefresh = weRefresh
    if (intervalS === 0) return
    // RFC 4028 §10: the end that does not renew hangs up a little before the interval is over.
    const expiresMs = (intervalS - Math.min(32, intervalS / 3)) * 1_000
    const endsAt = clock.now() + expiresMs
    if (weRefresh) call.timer = clock.after((intervalS * 1_000) / 2, () => void refresh(call, endsAt))
    else call.timer = clock.after(expiresMs, () => expired(call))
  }

  async function refresh(call: Timed, endsAt: number): Promise<void> {
    if (call.session === null) return
    const agreedBefore = call.timer
    const method = call.farEndTakesUpdate ? 'UPDATE' : 'INVITE'
    const refreshed = await call.session.refresh(method)
    // An answer with a new interval has begun the next round already.
    if (call.session === null || call.timer !== agreedBefore || refreshed === 'accepted') return
    log.info('sip.session-not-refreshed', { method, refreshed })
    if (refreshed === 'gone') {
      call.session.expire()
      return
    }
    if (method === 'UPDATE') call.farEndTakesUpdate = false
    const leftMs = endsAt - clock.now()
    if (leftMs <= 0) expired(call)
    else call.timer = clock.after(Math.min(tryAgainMs, leftMs), () => void refresh(call, endsAt))
  }

  function expired(call: Timed): void {
    if (options.connected()) {
      log.info('sip.session-expired', { seconds: call.intervalS, weRefresh: call.weRefresh })
      call.session?.expire()
      return
    }
    call.timer = clock.after(tryAgainMs, () => expired(call))
  }

  return {
    follow(callId, session) {
      const call = callOf(callId)
      call.session = session
      return () => {
        call.timer()
        call.session = null
        calls.delete(callId)
      }
    },
    received(text) {
      const head = readHead(text)
      const cseq = head === null ? null : readCSeq(head)
      if (head === null || cseq === null || !refreshes(cseq.method)) return text
      const status = statusOf(head)
      if (status === 0)
        return head.startLine.startsWith(cseq.method) ? requestReceived(text, head, cseq.number) : text
      return answerReceived(text, head, status)
    },
    sending(text) {
      const head = readHead(text)
      const cseq = head === null ? null : readCSeq(head)
      if (head === null || cseq === null || !refreshes(cseq.method)) return text
      const status = statusOf(head)
      if (status >= 200 && status < 300) return answerSent(text, head, cseq.number)
      if (status > 0) {
        if (status >= 300) callOf(callIdOf(head)).wanted.delete(cseq.number)
        return text
      }
      if (!head.startLine.startsWith(`${cseq.method} `)) return text
      const again = values(head, 'authorization').some((value) => value.includes(`"${retryRealm}"`))
      return requestSent(again ? withoutHeader(text, 'Authorization') : text, head)
    },
  }
}

const retryRealm = 'session-interval.invalid'

const refreshes = (method: string) => method === 'INVITE' || method === 'UPDATE'

function wantedIn(head: Head): Wanted {
  const [expires = ''] = values(head, 'session-expires')
  return {
    intervalS: Number.parseInt(/^\d{1,9}/.exec(expires)?.[0] ?? '0', 10),
    refresher: (/;\s*refresher\s*=\s*(uac|uas)\b/i.exec(expires)?.[1]?.toLowerCase() ??
      null) as Wanted['refresher'],
    supported: listed(head, 'supported').includes('timer') || listed(head, 'require').includes('timer'),
  }
}
