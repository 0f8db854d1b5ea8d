import type { Referral, Session, URI } from 'sip.js'
import { toE164 } from '#shared/calls/dialling.ts'
import { plainText } from '#shared/calls/plain-text.ts'
import type { Line } from '#shared/contract/phone.ts'
import type { Cancel, Clock } from '#shared/kernel/clock.ts'
import { telHost } from './message-checks.ts'

export interface LineReferralOptions {
  readonly session: Session
  readonly clock: Clock
  line(): Line
  asked(to: string): void
  settled(): void
}

/** What the far end wants us to call, once the adviser has agreed. */
export interface AcceptedReferral {
  readonly target: URI
  readonly to: string
  /** Headers that the new INVITE must carry: Replaces (RFC 3891), Referred-By (RFC 3892), User-to-User (RFC 7433). */
  readonly extraHeaders: string[]
  /** Tells the far end how the call goes on, by SIP status; a final one ends it. */
  report(status: number): void
}

/** The far end's wish that we call someone else (REFER, RFC 3515). Nothing is dialled before the adviser says so. */
export interface LineReferral {
  asked(referral: Referral): void
  /** Says yes to the far end; null when there is nothing to say yes to. */
  accept(): AcceptedReferral | null
  /** Says no; false when there is nothing to say no to. */
  decline(): boolean
}

/** The far end gives up on its request after 32 s (RFC 3261 §17.1.2.2). */
export const decideWithinMs = 25_000

export function createLineReferral(options: LineReferralOptions): LineReferral {
  const { session, clock } = options
  let pending: { referral: Referral; target: URI; to: string } | null = null
  let patience: Cancel = () => {}

  function take(): typeof pending {
    const taken = pending
    pending = null
    patience()
    if (taken !== null) options.settled()
    return taken
  }

  function decline(): boolean {
    const taken = take()
    void taken?.referral.reject({ statusCode: 603 })
    return taken !== null
  }

  function report(status: number): void {
    const { dialog, userAgent } = session
    if (session.state !== 'Established' || dialog === undefined) return
    const state = status < 200 ? 'active;expires=60' : 'terminated;reason=noresource'
    dialog.notify(undefined, {
      extraHeaders: [
        'Event: refer',
        `Subscription-State: ${state}`,
        `Contact: ${userAgent.contact.toString()}`,
      ],
      body: {
        contentDisposition: 'render',
        contentType: 'message/sipfrag;version=2.0',
        content: `SIP/2.0 ${status} ${phraseOf(status)}\r\n`,
      },
    })
  }

  return {
    asked(referral) {
      const target = targetOf(referral, session)
      const state = options.line().state.name
      const possible = state === 'active' || state === 'held'
      if (target === null || pending !== null || !possible) {
        void referral.reject({ statusCode: target === null ? 400 : 603 })
        return
      }
      const name = plainText(referral.referTo.displayName ?? '', 64)
      const to = name === '' ? plainText(target.user ?? target.host, 64) : name
      pending = { referral, target, to }
      patience = clock.after(decideWithinMs, decline)
      options.asked(to)
    },
    accept() {
      const taken = take()
      if (taken === null) return null
      void taken.referral.accept({ statusCode: 202 })
      report(100)
      return { target: taken.target, to: taken.to, extraHeaders: headersFor(taken.referral), report }
    },
    decline,
  }
}

/** Only an INVITE to a SIP address can be asked for. */
function targetOf(referral: Referral, session: Session): URI | null {
  try {
    const { uri } = referral.referTo
    const method = uri.getParam('method')
    if (!/^sips?$/i.test(uri.scheme) || (typeof method === 'string' && !/^invite$/i.test(method))) return null
    const target = uri.clone()
    target.clearHeaders()
    if (target.host === telHost) return atOwnSwitchboard(target.user ?? '', session)
    target.deleteParam('method')
    return target
  } catch {
    return null
  }
}

/** A telephone number is reached through the adviser's own switchboard. */
function atOwnSwitchboard(number: string, session: Session): URI | null {
  const e164 = toE164(number)
  if (e164 === undefined) return null
  const uri = session.userAgent.configuration.uri.clone()
  uri.user = e164
  return uri
}

function headersFor(referral: Referral): string[] {
  const headers: string[] = []
  const replaces = decoded(referral.replaces ?? '')
  if (isHeaderValue(replaces)) headers.push(`Replaces: ${replaces}`)
  const by = referral.referredBy ?? ''
  if (isHeaderValue(by)) headers.push(`Referred-By: ${by}`)
  for (const given of [referral.referTo.uri.getHeader('User-to-User') ?? []].flat()) {
    const value = decoded(given)
    if (isHeaderValue(value)) headers.push(`User-to-User: ${value}`)
  }
  return headers
}

// What the far end wrote becomes a header of ours: never more than one line of it.
function isHeaderValue(text: string): boolean {
  return /^[\x20-\x7e]{1,500}$/.test(text)
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return ''
  }
}

function phraseOf(status: number): string {
  if (status === 100) return 'Trying'
  if (status < 200) return 'Ringing'
  return status < 300 ? 'OK' : 'Failed'
}
