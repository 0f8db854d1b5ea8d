import type { Resident } from '../contract/rest.ts'
import type { Comparable, VerifyStep } from './format.ts'
import { dateInWords } from './time.ts'
import type { Mark } from './view.ts'
import { comparedWords } from './wording.ts'

export type Level = 'none' | 'standard' | 'enhanced'

const ranks = { none: 0, standard: 1, enhanced: 2 } as const

export function reaches(level: Level, needed: Level): boolean {
  return ranks[level] >= ranks[needed]
}

/** A verify answer as it is kept: `declined`, or whose record was compared and what was marked. */
export type Attempt =
  | { readonly kind: 'declined' }
  | { readonly kind: 'compared'; readonly residentId: string; readonly marks: Readonly<Record<string, Mark>> }

const declined = 'declined'
const residentKey = 'resident='

export function attemptToValue(attempt: Attempt): string | string[] {
  if (attempt.kind === 'declined') return declined
  return [
    `${residentKey}${attempt.residentId}`,
    ...Object.entries(attempt.marks).map(([question, mark]) => `${question}=${mark}`),
  ]
}

/** Null when the value is no attempt. */
export function attemptOfValue(value: unknown): Attempt | null {
  if (value === declined) return { kind: 'declined' }
  if (!Array.isArray(value)) return null
  const entries = value.filter((entry): entry is string => typeof entry === 'string')
  const resident = entries.find((entry) => entry.startsWith(residentKey))
  if (resident === undefined) return null
  const marks: Record<string, Mark> = {}
  for (const entry of entries) {
    const match = /^(.+)=(matched|not-matched|not-asked)$/.exec(entry)
    if (match?.[1] !== undefined && entry !== resident) marks[match[1]] = match[2] as Mark
  }
  return { kind: 'compared', residentId: resident.slice(residentKey.length), marks }
}

/** The level the marks reach: none as soon as one answer was wrong. */
export function levelReached(step: VerifyStep, marks: Readonly<Record<string, Mark>>): Level {
  if (Object.values(marks).includes('not-matched')) return 'none'
  const reached = step.levels.find(({ needs }) => needs.every((question) => marks[question] === 'matched'))
  return reached?.level ?? 'none'
}

/** "name, address": what was compared and fitted. */
export function methodOf(step: VerifyStep, marks: Readonly<Record<string, Mark>>): string {
  return step.questions
    .filter(({ id }) => marks[id] === 'matched')
    .map(({ compares }) => comparedWords[compares])
    .join(', ')
}

/** What the record holds to compare an answer with; null when it holds nothing. */
export function recordSays(resident: Resident, compares: Comparable): string | null {
  switch (compares) {
    case 'fullName':
      return [resident.title, resident.givenName, resident.familyName].filter(Boolean).join(' ')
    case 'address':
      return `${resident.address.line1}, ${resident.address.postcode}`
    case 'postcode':
      return resident.address.postcode
    case 'dateOfBirth':
      return resident.dateOfBirth === undefined
        ? null
        : dateInWords(resident.dateOfBirth, 'en').replace(/^\w+ /, '')
    case 'phone':
      return resident.phones.length === 0 ? null : resident.phones.join(', ')
    case 'email':
      return resident.email ?? null
  }
}
