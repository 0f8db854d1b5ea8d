import { parsePhoneNumberFromString } from 'libphonenumber-js/min'
import type { Candidate } from '../contract/records.ts'
import { fullName, type ResidentSummary } from './record-reader.ts'

/*
 * Who may be calling, and who is meant by what was typed, likeliest first. What is returned may be shown before the
 * identity check: enough to choose between people, nothing of anyone's business.
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
