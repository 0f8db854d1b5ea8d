import { parsePhoneNumberFromString } from 'libphonenumber-js/min'
import type { Candidate } from '../contract/records.ts'
import type { Resident } from '../contract/rest.ts'
import { fullName, type ResidentSummary } from './record-reader.ts'

/*
 * Who may be calling, and who is meant by what was typed. What is returned may be shown before the identity check:
 * enough to choose between people, nothing of anyone's business.
 */

export type MatchedBy = Candidate['matchedBy']

export interface Match {
  readonly resident: ResidentSummary
  readonly matchedBy: MatchedBy
  readonly openCases: number
  /** When any of their cases last changed, milliseconds since 1970; null when there are none. */
  readonly lastActivityAt: number | null
}

/** E.164 of a number as dialled, displayed or typed in the United Kingdom; null when it is none. */
export function normaliseNumber(text: string): string | null {
  return parsePhoneNumberFromString(text, 'GB')?.number ?? null
}

/** Lower case, accents folded, apostrophes dropped: `Siân O’Neill` is found by `sian oneill`. */
function fold(text: string): string {
  return text
    .normalize('NFD')
    .replace(/\p{M}|['’]/gu, '')
    .toLowerCase()
}

const wordsOf = (text: string): readonly string[] =>
  fold(text)
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '')

const compact = (text: string): string => fold(text).replace(/[^a-z0-9]/g, '')

interface Searchable {
  readonly name: readonly string[]
  readonly address: readonly string[]
  readonly postcode: string
}

/** Records are replaced, never changed, so what was folded once stays right for as long as the record lives. */
const searchableOf = new WeakMap<Resident, Searchable>()

function searchable(resident: Resident): Searchable {
  const known = searchableOf.get(resident)
  if (known) return known
  const made: Searchable = {
    name: wordsOf(`${resident.givenName} ${resident.familyName}`),
    address: wordsOf(`${resident.address.line1} ${resident.address.town}`),
    postcode: compact(resident.address.postcode),
  }
  searchableOf.set(resident, made)
  return made
}

/** What typed text asks for. */
type Query =
  | { readonly kind: 'nothing' }
  /** Digits without the national prefix, so that `01632 96` finds `+4416329600…`. */
  | { readonly kind: 'number'; readonly digits: string }
  | { readonly kind: 'postcode'; readonly postcode: string }
  | { readonly kind: 'words'; readonly words: readonly string[] }

/** Outward code with at least a digit, and the beginning of an inward code if any. */
const postcodeBeginning = /^[a-z]{1,2}\d[a-z\d]?(\d[a-z]{0,2})?$/
const numberText = /^[+\d\s()-]+$/

function queryOf(text: string): Query {
  const trimmed = text.trim()
  const digits = trimmed.replace(/\D/g, '')
  if (numberText.test(trimmed) && digits.length >= 4) {
    const international = trimmed.startsWith('+') || digits.startsWith('00')
    return {
      kind: 'number',
      digits: international ? digits.replace(/^0+/, '') : digits.replace(/^0/, ''),
    }
  }
  if (postcodeBeginning.test(compact(trimmed))) return { kind: 'postcode', postcode: compact(trimmed) }
  const words = wordsOf(trimmed)
  return words.length === 0 ? { kind: 'nothing' } : { kind: 'words', words }
}

const beginsAny = (words: readonly string[], beginning: string): boolean =>
  words.some((word) => word.startsWith(beginning))

/** Every word must be found; the match is named after the name when any word was found in it. */
function matchWords(resident: Resident, words: readonly string[]): MatchedBy | null {
  const { name, address, postcode } = searchable(resident)
  let inName = false
  for (const word of words) {
    if (beginsAny(name, word)) inName = true
    else if (!beginsAny(address, word) && !postcode.startsWith(word)) {
      // The two halves of a postcode arrive as two words.
      if (!(postcode.endsWith(word) && /^\d[a-z]{2}$/.test(word))) return null
    }
  }
  return inName ? 'name' : 'address'
}

function matchOf(resident: Resident, query: Query): MatchedBy | null {
  switch (query.kind) {
    case 'nothing':
      return null
    case 'number':
      return resident.phones.some((phone) => phone.includes(query.digits)) ? 'number' : null
    case 'postcode':
      if (searchable(resident).postcode.startsWith(query.postcode)) return 'postcode'
      return matchWords(resident, [query.postcode])
    case 'words':
      return matchWords(resident, query.words)
  }
}

/** Residents that typed text may mean: name, postcode, part of an address or of a number. In no order. */
export function matchResidents(
  residents: Iterable<Resident>,
  text: string,
): readonly { readonly resident: Resident; readonly matchedBy: MatchedBy }[] {
  const query = queryOf(text)
  const matches: { resident: Resident; matchedBy: MatchedBy }[] = []
  for (const resident of residents) {
    const matchedBy = matchOf(resident, query)
    if (matchedBy) matches.push({ resident, matchedBy })
  }
  return matches
}

const matchRank: Readonly<Record<MatchedBy, number>> = { number: 0, name: 1, postcode: 2, address: 3 }

/**
 * Most likely first: what matched, then open cases, then who was in touch last, then by name. Someone with an open
 * case is the likeliest to ring about it; names make the order the same on every desk.
 */
export function rankMatches(matches: readonly Match[], limit: number): readonly Candidate[] {
  return matches
    .toSorted(
      (a, b) =>
        matchRank[a.matchedBy] - matchRank[b.matchedBy] ||
        Number(b.openCases > 0) - Number(a.openCases > 0) ||
        (b.lastActivityAt ?? 0) - (a.lastActivityAt ?? 0) ||
        compareText(a.resident.familyName, b.resident.familyName) ||
        compareText(a.resident.givenName, b.resident.givenName) ||
        compareText(a.resident.id, b.resident.id),
    )
    .slice(0, limit)
    .map(({ resident, matchedBy, openCases }) => ({
      residentId: resident.id,
      name: fullName(resident),
      address: `${resident.line1}, ${resident.town}`,
      matchedBy,
      openCases,
      language: resident.language,
    }))
}

const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
