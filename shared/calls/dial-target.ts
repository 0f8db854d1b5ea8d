import { parsePhoneNumberFromString, validatePhoneNumberLength } from 'libphonenumber-js'
import { type DialTarget, dialTarget } from '../contract/phone.ts'
import { err, ok, type Result } from '../kernel/result.ts'
import { toE164 } from './dialling.ts'
import { plainText } from './plain-text.ts'

/** Why a text cannot be dialled. */
export type DialRefusal =
  | 'empty'
  /** Letters or signs that belong to no number, name or address known here. */
  | 'not-a-number'
  | 'too-short'
  | 'too-long'
  /** Six to eight digits of a local number: the area code is missing. */
  | 'area-code-missing'
  /** The number goes on with an extension or pauses (RFC 3966 `ext`): to be keyed once the call is up. */
  | 'has-extension'
  /** A link of another kind than tel: and sip:, or one that asks for more than a call. */
  | 'unknown-link'

/** A colleague, queue or extension at the adviser's own switchboard. */
export interface InternalUser {
  readonly user: string
  readonly name?: string | undefined
}

const maxLength = 200

/**
 * Whom a text means: what the adviser typed or pasted, or a `tel:` (RFC 3966) or `sip:` (RFC 3261 §19.1) link. National
 * numbers are the United Kingdom's. An emergency number is one whatever extensions there are.
 */
export function readDialTarget(
  text: string,
  { extensions = [] }: { readonly extensions?: readonly InternalUser[] } = {},
): Result<DialTarget, DialRefusal> {
  const typed = plainText(text.slice(0, maxLength * 2).normalize('NFKC'), maxLength + 1)
  if (typed === '') return err('empty')
  if (typed.length > maxLength) return err('too-long')
  const address = /<([^<>]+)>\s*$/.exec(typed)?.[1] ?? typed
  const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(address)?.[1]?.toLowerCase()
  if (scheme === 'tel' || scheme === 'callto')
    return readTelLink(address.slice(scheme.length + 1), extensions)
  if (scheme === 'sip' || scheme === 'sips') return readSipLink(address, scheme)
  if (scheme !== undefined) return err('unknown-link')
  if (/^[^\s@]+@[^\s@]+$/.test(address)) return readSipLink(`sip:${address}`, 'sip')
  return readTyped(address, extensions)
}

/** A target as people read it: UK numbers in national form, others in international, colleagues by name. */
export function describeTarget(target: DialTarget): string {
  switch (target.kind) {
    case 'number':
      return describeNumber(target.number)
    case 'emergency':
    case 'short-code':
      return target.number
    case 'internal':
      return target.name ?? target.user
    case 'sip':
      return target.uri.replace(/^sips?:/i, '')
  }
}

/** An E.164 number as people read it. */
export function describeNumber(number: string): string {
  const parsed = parsePhoneNumberFromString(number)
  if (parsed === undefined) return number
  return parsed.countryCallingCode === '44' ? parsed.formatNational() : parsed.formatInternational()
}

/** Calls that cost more than others: 09 and 0871 to 0873 (Ofcom service charge), 118, 070, abroad. */
export type ChargeWarning = 'premium-rate' | 'directory-enquiries' | 'personal-number' | 'international'

export function chargeWarning(target: DialTarget): ChargeWarning | null {
  if (target.kind === 'short-code') return target.number.startsWith('118') ? 'directory-enquiries' : null
  if (target.kind !== 'number') return null
  if (!target.number.startsWith('+44')) return 'international'
  if (/^\+44(?:9|87[123])/.test(target.number)) return 'premium-rate'
  return target.number.startsWith('+4470') ? 'personal-number' : null
}

/* ── Links ──────────────────────────────────────────────────────────────────────────────────────────────────── */

function readTelLink(rest: string, extensions: readonly InternalUser[]): Result<DialTarget, DialRefusal> {
  const [subscriber = '', ...parameters] = percentDecoded(rest.replace(/^\/\//, '')).split(';')
  const named = new Map(
    parameters.map((each) => {
      const [name = '', value = ''] = each.split('=')
      return [name.trim().toLowerCase(), value.trim()] as const
    }),
  )
  if (named.has('ext') || named.has('postd') || named.has('isub')) return err('has-extension')
  // RFC 3966 §5.1.5: a local number is completed by its context when that is a number too.
  const context = named.get('phone-context') ?? ''
  const local = !subscriber.trim().startsWith('+')
  const whole = local && context.startsWith('+') ? context + subscriber.replace(/^0/, '') : subscriber
  return readTyped(whole.trim(), extensions)
}

function readSipLink(address: string, scheme: string): Result<DialTarget, DialRefusal> {
  // Headers in a link could make the call replace another or carry words of the link's author.
  if (address.includes('?') || /;method=/i.test(address)) return err('unknown-link')
  const rest = address.slice(scheme.length + 1).replace(/^\/\//, '')
  // Whoever's exchange the link names: an emergency is dialled as one, with its warning.
  const user = withoutSeparators(percentDecoded(rest.split(/[@;:]/)[0] ?? ''))
  const emergency = emergencies.find((each) => each === user)
  if (emergency !== undefined) return ok({ kind: 'emergency', number: emergency })
  const uri = `${scheme}:${rest}`
  return valid({ kind: 'sip', uri }, 'unknown-link')
}

/* ── What is typed ──────────────────────────────────────────────────────────────────────────────────────────── */

const emergencies = ['999', '112', '18000'] as const

function readTyped(text: string, extensions: readonly InternalUser[]): Result<DialTarget, DialRefusal> {
  const compact = withoutSeparators(text)
  const emergency = emergencies.find((each) => each === compact)
  if (emergency !== undefined) return ok({ kind: 'emergency', number: emergency })
  const internal = findInternal(text, compact, extensions)
  if (internal !== undefined) {
    const { user, name } = internal
    return valid({ kind: 'internal', user, ...(name === undefined ? {} : { name: name.slice(0, 64) }) })
  }
  if (compact === '') return err('empty')
  if (/^[*#][0-9*#]{1,30}$/.test(compact)) return valid({ kind: 'internal', user: compact })
  if (/^\+?\d+(?:(?:ext|x|,|;|p|w)+\.?\d+#?)$/i.test(compact)) return err('has-extension')
  if (!/^\+?\d+$/.test(compact)) return err('not-a-number')
  if (/^1\d{2,5}$/.test(compact)) return valid({ kind: 'short-code', number: compact })
  if (/^[2-9]\d{1,4}$/.test(compact)) return valid({ kind: 'internal', user: compact })
  return readNumber(text, compact)
}

function withoutSeparators(text: string): string {
  return text.replace(/[\s().\-\u2010-\u2015/]/g, '')
}

function findInternal(
  text: string,
  compact: string,
  extensions: readonly InternalUser[],
): InternalUser | undefined {
  const name = text.trim().toLowerCase()
  return (
    extensions.find(({ user }) => user.toLowerCase() === name || user === compact) ??
    extensions.find((each) => each.name?.toLowerCase() === name)
  )
}

function readNumber(text: string, compact: string): Result<DialTarget, DialRefusal> {
  // The zero in brackets of “+44 (0)1632” is not dialled from abroad.
  const number = toE164(withoutSeparators(text.replace(/^\s*(\+|0\s*0)\s*(\d{1,3})\s*\(0\)/, '$1$2')))
  if (number !== undefined) return valid({ kind: 'number', number })
  if (/^[2-9]\d{5,7}$/.test(compact)) return err('area-code-missing')
  const problem = validatePhoneNumberLength(compact, 'GB')
  return err(problem === 'TOO_LONG' || compact.length > 15 ? 'too-long' : 'too-short')
}

function valid(target: DialTarget, otherwise: DialRefusal = 'not-a-number'): Result<DialTarget, DialRefusal> {
  const fits = dialTarget.safeParse(target)
  return fits.success ? ok(fits.data) : err(otherwise)
}

function percentDecoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
