import type { DuplicateCandidate, DuplicateReason, DuplicatesRequest, Resident } from '../contract/rest.ts'
import { similarName, soundsLike } from './search/names.ts'

/* Whether a record that is about to be made is of somebody who has one. The same at the desk and at the service. */

/** How likely a reason alone makes it; families share numbers, and a house its names. */
const weights: Readonly<Record<DuplicateReason, number>> = {
  'same-number': 0.3,
  'same-email': 0.6,
  'same-name-and-postcode': 0.85,
  'sounds-alike-and-same-birthday': 0.9,
  'same-property-and-similar-name': 0.8,
}

const mostCandidates = 10

/** Likeliest first, at most ten; records that were merged into another one are left to that one. */
export function findDuplicates(
  wanted: DuplicatesRequest,
  residents: Iterable<Resident>,
): readonly DuplicateCandidate[] {
  const found: DuplicateCandidate[] = []
  for (const resident of residents) {
    if (resident.id === wanted.exceptId || resident.mergedInto !== undefined) continue
    const reasons = reasonsFor(wanted, resident)
    if (reasons.length > 0) found.push({ resident, score: scoreOf(reasons), reasons: [...reasons] })
  }
  return found
    .sort((a, b) => b.score - a.score || (a.resident.id < b.resident.id ? -1 : 1))
    .slice(0, mostCandidates)
}

/** Independent reasons add up and never reach certainty. */
const scoreOf = (reasons: readonly DuplicateReason[]): number => {
  const doubt = reasons.reduce((left, reason) => left * (1 - weights[reason]), 1)
  return Math.round((1 - doubt) * 1000) / 1000
}

function reasonsFor(wanted: DuplicatesRequest, resident: Resident): readonly DuplicateReason[] {
  const { address, dateOfBirth, email, phones = [] } = wanted
  const isNamed = (alike: (a: string, b: string) => boolean) =>
    namesMatch(wanted.givenName, resident.givenName, alike) &&
    namesMatch(wanted.familyName, resident.familyName, alike)
  const holds: Readonly<Record<DuplicateReason, boolean>> = {
    'same-number': phones.some((phone) => resident.phones.includes(phone)),
    'same-email': isSame(email, resident.email),
    'same-name-and-postcode':
      isSame(compact(address?.postcode), compact(resident.address.postcode)) && isNamed((a, b) => a === b),
    'sounds-alike-and-same-birthday':
      isSame(dateOfBirth, resident.dateOfBirth) && isNamed((a, b) => a === b || soundsLike(a, b)),
    'same-property-and-similar-name': isSame(address?.uprn, resident.address.uprn) && isNamed(similarName),
  }
  return (Object.keys(weights) as DuplicateReason[]).filter((reason) => holds[reason])
}

const isSame = (a: string | undefined, b: string | undefined): boolean =>
  a !== undefined && b !== undefined && a.trim() !== '' && a.trim().toLowerCase() === b.trim().toLowerCase()

const compact = (postcode: string | undefined): string | undefined => postcode?.replace(/\s/g, '')

/** Some part of the one is alike some part of the other, or is its first letter: `B.` and `Bela`. */
function namesMatch(a: string | undefined, b: string, alike: (a: string, b: string) => boolean): boolean {
  const [first, second] = [partsOf(a ?? ''), partsOf(b)]
  return first.some((part) =>
    second.some(
      (other) => alike(part, other) || (Math.min(part.length, other.length) === 1 && part[0] === other[0]),
    ),
  )
}

const partsOf = (name: string): readonly string[] =>
  name
    .normalize('NFD')
    .replace(/\p{M}|['’]/gu, '')
    .toLowerCase()
    .split(/[^\p{L}]+/u)
    .filter((part) => part !== '')
