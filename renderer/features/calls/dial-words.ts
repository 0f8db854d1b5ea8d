import { spokenNumber } from '#renderer/ui/telephone.ts'
import type { DialTarget, Presence } from '#shared/contract/phone.ts'
import type { Directory, DirectoryEntry } from '#shared/contract/rest.ts'
import { assertNever } from '#shared/kernel/assert-never.ts'
import type { Tone } from './words.ts'

/** Whom a target calls, as a person says it. */
export function targetWords(target: DialTarget): string {
  switch (target.kind) {
    case 'number':
      return spokenNumber(target.number)
    case 'emergency':
    case 'short-code':
      return target.number
    case 'internal':
      return target.name ?? target.user
    case 'sip':
      return target.uri.replace(/^sips?:/, '')
    default:
      return assertNever(target)
  }
}

const shortCodes: Readonly<Record<string, string>> = {
  '101': 'police, not an emergency',
  '105': 'power cut',
  '111': 'NHS, not an emergency',
  '119': 'NHS vaccinations and tests',
}

/** What kind of number was understood, so that a slip is seen before it is dialled. */
export function targetKindWords(target: DialTarget): string {
  switch (target.kind) {
    case 'number':
      return target.number.startsWith('+44') ? 'telephone number' : 'telephone number abroad'
    case 'emergency':
      return target.number === '18000' ? 'emergency by text relay' : 'emergency services'
    case 'short-code':
      return shortCodes[target.number] ?? 'short number'
    case 'internal':
      return 'at your own switchboard'
    case 'sip':
      return 'internet address'
    default:
      return assertNever(target)
  }
}

/** What the operator must be told, because the softphone's line says where the council is and not the caller. */
export const emergencyWords = {
  title: 'This telephone does not know where the caller is',
  lines: [
    'The emergency operator sees the council’s address, not the caller’s and not yours.',
    'Say at once: “I am calling for someone else. Do not use the location of this line.”',
    'Then give the caller’s address, postcode or what3words, their number, and what is happening.',
  ],
} as const

const presenceStates: Record<Presence['state'], { tone: Tone; text: string }> = {
  available: { tone: 'good', text: 'Free' },
  ringing: { tone: 'attention', text: 'Being called' },
  'on-call': { tone: 'attention', text: 'On a call' },
  away: { tone: 'soft', text: 'Away' },
  offline: { tone: 'soft', text: 'Not signed in' },
  unknown: { tone: 'soft', text: 'Not known' },
}

/** Whether someone can take a call now; null for those the switchboard cannot watch. Not known is not free. */
export function presenceWords(
  entry: Pick<DirectoryEntry, 'user'>,
  presence: Readonly<Record<string, Presence>>,
): { tone: Tone; text: string } | null {
  if (entry.user === null) return null
  return presenceStates[presence[entry.user]?.state ?? 'unknown']
}

export function entryTarget(entry: DirectoryEntry): DialTarget | null {
  if (entry.user !== null) return { kind: 'internal', user: entry.user, name: entry.name.slice(0, 64) }
  return entry.number === null ? null : { kind: 'number', number: entry.number }
}

const kindOrder: readonly DirectoryEntry['kind'][] = ['queue', 'colleague', 'service']

/**
 * Entries with every typed word in their name, work, language or number; names that begin with what was typed come
 * first, then queues, colleagues and services by name. Presence does not move anyone: a list must not jump. On a call
 * in Welsh those who speak it come before all others.
 */
export function searchDirectory(
  directory: Directory | null,
  text: string,
  language: 'en' | 'cy' = 'en',
): readonly DirectoryEntry[] {
  const words = plain(text).split(/\s+/).filter(Boolean)
  const found = (directory?.entries ?? []).filter((entry) => {
    const hay = hayOf(entry)
    return entryTarget(entry) !== null && words.every((word) => hay.includes(word))
  })
  const first = words.join(' ')
  const begins = (entry: DirectoryEntry) => (first !== '' && plain(entry.name).startsWith(first) ? 0 : 1)
  const speaks = (entry: DirectoryEntry) => (language === 'en' || entry.languages.includes(language) ? 0 : 1)
  return found.toSorted(
    (a, b) =>
      speaks(a) - speaks(b) ||
      begins(a) - begins(b) ||
      kindOrder.indexOf(a.kind) - kindOrder.indexOf(b.kind) ||
      a.name.localeCompare(b.name, 'en-GB'),
  )
}

function hayOf(entry: DirectoryEntry): string {
  const number = entry.number === null ? '' : `${entry.number} ${spokenNumber(entry.number)}`
  const language = entry.languages.includes('cy') ? 'welsh cymraeg' : ''
  return plain(
    `${entry.name} ${entry.detail} ${language} ${entry.user ?? ''} ${number} ${number.replaceAll(' ', '')}`,
  )
}

const plain = (text: string): string =>
  text
    .toLowerCase()
    .normalize('NFD')
    .replace(/\p{Mn}/gu, '')
    .trim()
