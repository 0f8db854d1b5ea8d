import { parsePhoneNumberFromString } from 'libphonenumber-js'
import type { Line } from '../contract/phone.ts'
import { e164 } from '../contract/rest.ts'
import { plainText } from './plain-text.ts'

export type Remote = Line['remote']

/** Header values of a request as they arrived; absent when the request has no such header. */
export interface IdentityHeaders {
  readonly from: string | undefined
  /** P-Asserted-Identity (RFC 3325): one value for each header or comma-separated part. */
  readonly asserted: readonly string[]
  readonly privacy: string | undefined
}

const maxNameLength = 64
const maxHeaderLength = 1_000

/**
 * Who is calling, from the asserted identity where the network vouches for one, else from From. A caller who asked
 * for privacy (RFC 3323, RFC 3325 §9.3) is withheld whatever else arrived, and then nothing of the identity is kept.
 * Nothing in a header makes this throw.
 */
export function callingIdentity(headers: IdentityHeaders): Remote {
  const privacyWords = (headers.privacy ?? '').toLowerCase().split(/[;,\s]+/)
  if (privacyWords.some((word) => ['id', 'user', 'header', 'session'].includes(word))) return withheld
  const identities = [...headers.asserted, headers.from ?? ''].map(parseIdentity)
  const from = identities.at(-1)
  const vouched = identities.slice(0, -1).find((identity) => identity.number !== undefined)
  if (vouched === undefined && (from === undefined || from.anonymous)) return withheld
  const number = vouched?.number ?? from?.number
  const displayName = vouched?.displayName ?? from?.displayName ?? (number ? undefined : from?.user)
  return {
    withheld: false,
    ...(number === undefined ? {} : { number }),
    ...(displayName === undefined || isTheNumber(displayName, number) ? {} : { displayName }),
  }
}

/** Header values that may name the number the caller dialled; absent when the request has no such header. */
export interface DialledHeaders {
  /** P-Called-Party-ID (RFC 7315 §4.2): the address as it was before the switchboard's own changed it. */
  readonly calledParty: string | undefined
  /** X-Dialled-Number, a bare number or an address. */
  readonly dialled: string | undefined
  /** History-Info (RFC 7044), oldest first. */
  readonly history: readonly string[]
  readonly to: string | undefined
}

/** The number that the caller dialled, as E.164; null when nobody says. To counts only when it has a `+`. */
export function dialledNumber(headers: DialledHeaders): string | null {
  const plain = headers.dialled === undefined ? undefined : toE164(headers.dialled)
  const to = parseIdentity(headers.to ?? '')
  return (
    parseIdentity(headers.calledParty ?? '').number ??
    plain ??
    parseIdentity(headers.dialled ?? '').number ??
    parseIdentity(headers.history[0] ?? '').number ??
    (to.user?.startsWith('+') ? to.number : undefined) ??
    null
  )
}

/**
 * A telephone number as E.164, or undefined when it cannot be one. National numbers are taken as the United
 * Kingdom's; short codes and extensions have no E.164 form.
 */
export function toE164(text: string): string | undefined {
  const compact = text.slice(0, 40).replace(/[\s().-]/g, '')
  if (!/^\+?\d{5,16}$/.test(compact)) return undefined
  const parsed = parsePhoneNumberFromString(compact, 'GB')
  if (!parsed?.isPossible()) return undefined
  return e164.safeParse(parsed.number).success ? parsed.number : undefined
}

const withheld: Remote = { withheld: true }

interface Identity {
  readonly number: string | undefined
  readonly displayName: string | undefined
  readonly user: string | undefined
  readonly anonymous: boolean
}

const nothing: Identity = { number: undefined, displayName: undefined, user: undefined, anonymous: true }

/** name-addr or addr-spec (RFC 3261 §20.10) with a sip, sips or tel URI (RFC 3966). */
function parseIdentity(header: string): Identity {
  const text = header.slice(0, maxHeaderLength)
  const uri = /(sips?|tel):([^>;,?\s]*)/i.exec(afterQuotedName(text))
  if (uri === null) return nothing
  const scheme = uri[1]?.toLowerCase()
  const [userPart = '', host = ''] = scheme === 'tel' ? [uri[2]] : (uri[2] ?? '').split('@')
  const user = plainText(percentDecoded(userPart).split(';')[0] ?? '', maxNameLength)
  const displayName = plainText(displayNameOf(text), maxNameLength)
  const anonymous =
    /^anonymous$/i.test(user) || /(^|\.)anonymous\.invalid$/i.test(host.split(':')[0] ?? '') || user === ''
  return {
    number: anonymous ? undefined : toE164(user),
    displayName: displayName === '' || anonymous ? undefined : displayName,
    user,
    anonymous,
  }
}

function displayNameOf(header: string): string {
  const quoted = /^\s*"((?:[^"\\]|\\.)*)"/.exec(header)
  if (quoted !== null) return (quoted[1] ?? '').replace(/\\(.)/g, '$1')
  const angle = header.indexOf('<')
  return angle > 0 ? header.slice(0, angle) : ''
}

function afterQuotedName(header: string): string {
  return header.replace(/^\s*"(?:[^"\\]|\\.)*"/, '')
}

function percentDecoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

/** Switchboards often repeat the number as the name; that tells the adviser nothing. */
function isTheNumber(name: string, number: string | undefined): boolean {
  return number !== undefined && toE164(name) === number
}
