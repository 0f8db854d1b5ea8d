import {
  type ChargeWarning,
  chargeWarning,
  type DialRefusal,
  readDialTarget,
} from '#shared/calls/dial-target.ts'
import type { DialTarget } from '#shared/contract/phone.ts'

/** What a typed number or address means, before it is dialled. */
export interface DialReading {
  readonly target: DialTarget
  /** What the call may cost beyond an ordinary one; null when nothing is known. */
  readonly charge: string | null
}

/** Null while the text is nothing that can be called. */
export function readDialText(text: string): DialReading | null {
  const read = readDialTarget(text)
  return read.ok ? { target: read.value, charge: chargeWords(read.value) } : null
}

export function chargeWords(target: DialTarget): string | null {
  const warning = chargeWarning(target)
  return warning === null ? null : charges[warning]
}

const charges: Record<ChargeWarning, string> = {
  'premium-rate': 'This is a premium rate number: it can cost several pounds a minute.',
  'directory-enquiries': 'Directory enquiries are dear: several pounds for a call.',
  'personal-number': 'This is a personal number (070): it can cost more than a mobile.',
  international: 'This is a call abroad.',
}

/** Why what was typed cannot be called, when that helps to put it right. */
export function refusalWords(text: string): string {
  const read = readDialTarget(text)
  if (read.ok) return ''
  return refusals[read.error]
}

const refusals: Record<DialRefusal, string> = {
  empty: 'Type a number, or a name of the directory.',
  'not-a-number': 'Nobody in the directory, and not a number that can be called. Check what you typed.',
  'too-short': 'That number is too short.',
  'too-long': 'That number is too long.',
  'area-code-missing': 'The area code is missing: begin with 0.',
  'has-extension': 'Call the number without the extension, then send the extension with the keypad.',
  'unknown-link': 'That kind of link cannot be called.',
}
