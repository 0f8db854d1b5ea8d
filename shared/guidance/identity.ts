import { type IdentityCheck, identityCheck, type Party, type Resident } from '../contract/rest.ts'
import type { Comparable, VerifyStep } from './format.ts'
import type { Level } from './level.ts'
import { dateInWords } from './time.ts'
import type { Mark } from './view.ts'
import { comparedWords } from './wording.ts'

/** What a check counts for at a moment: nothing once it has run out. `nowIso` is ISO 8601 with offset. */
export function levelNow(check: IdentityCheck | null, nowIso: string): Level {
  if (check === null) return 'none'
  return check.until !== undefined && Date.parse(check.until) <= Date.parse(nowIso) ? 'none' : check.level
}

/** Who speaks, and for somebody else by which name. */
export interface Speaker {
  readonly party: Party
  readonly name: string
}

/** A verify answer as it is kept. */
export type Attempt =
  | { readonly kind: 'declined' }
  /** Whose record was compared and what was marked. */
  | {
      readonly kind: 'compared'
      readonly residentId: string
      readonly marks: Readonly<Record<string, Mark>>
      /** The resident when not said. */
      readonly speaker?: Speaker
      /** Attempts that failed with this record earlier in the contact, when the run itself does not know them. */
      readonly failedBefore?: number
      /** Attempts left in the contact, this one included, when fewer than the run itself knows. */
      readonly attemptsLeft?: number
    }
  /** A check made before the run began, as it came. */
  | { readonly kind: 'given'; readonly residentId: string; readonly check: IdentityCheck }

const declined = 'declined'

/** Words that no id of a question can be: ids have no capitals. */
const keys = {
  resident: 'resident=',
  party: 'speakerParty=',
  name: 'speakerName=',
  failedBefore: 'failedBefore=',
  attemptsLeft: 'attemptsLeft=',
  given: 'givenCheck=',
} as const

export function attemptToValue(attempt: Attempt): string | string[] {
  if (attempt.kind === 'declined') return declined
  const resident = `${keys.resident}${attempt.residentId}`
  if (attempt.kind === 'given') return [resident, `${keys.given}${JSON.stringify(attempt.check)}`]
  const { speaker, failedBefore, attemptsLeft, marks } = attempt
  return [
    resident,
    ...(speaker === undefined ? [] : [`${keys.party}${speaker.party}`, `${keys.name}${speaker.name}`]),
    ...(failedBefore === undefined ? [] : [`${keys.failedBefore}${failedBefore}`]),
    ...(attemptsLeft === undefined ? [] : [`${keys.attemptsLeft}${attemptsLeft}`]),
    ...Object.entries(marks).map(([question, mark]) => `${question}=${mark}`),
  ]
}

/** Null when the value is no attempt. */
export function attemptOfValue(value: unknown): Attempt | null {
  if (value === declined) return { kind: 'declined' }
  if (!Array.isArray(value)) return null
  const entries = value.filter((entry): entry is string => typeof entry === 'string')
  const after = (key: string) => entries.find((entry) => entry.startsWith(key))?.slice(key.length)
  const residentId = after(keys.resident)
  if (residentId === undefined) return null
  const given = after(keys.given)
  if (given !== undefined) {
    const check = checkOfText(given)
    return check === null ? null : { kind: 'given', residentId, check }
  }
  const marks: Record<string, Mark> = {}
  for (const entry of entries) {
    const match = /^([a-z][a-z0-9-]*)=(matched|not-matched|not-asked)$/.exec(entry)
    if (match?.[1] !== undefined && !entry.startsWith(keys.resident)) marks[match[1]] = match[2] as Mark
  }
  const party = partyOfText(after(keys.party))
  const failedBefore = countOf(after(keys.failedBefore))
  const attemptsLeft = countOf(after(keys.attemptsLeft))
  return {
    kind: 'compared',
    residentId,
    marks,
    ...(party === null ? {} : { speaker: { party, name: after(keys.name) ?? '' } }),
    ...(failedBefore === null ? {} : { failedBefore }),
    ...(attemptsLeft === null ? {} : { attemptsLeft }),
  }
}

function checkOfText(text: string): IdentityCheck | null {
  try {
    return identityCheck.safeParse(JSON.parse(text)).data ?? null
  } catch {
    return null
  }
}

function partyOfText(text: string | undefined): Party | null {
  return text === 'resident' || text === 'third-party' || text === 'councillor' || text === 'interpreter'
    ? text
    : null
}

const countOf = (text: string | undefined): number | null =>
  text !== undefined && /^\d{1,4}$/.test(text) ? Number(text) : null

/** Whether a check made with one party counts while another speaks: an interpreter speaks for the resident. */
export function sameSpeaker(check: IdentityCheck, speaker: Speaker): boolean {
  const asked = askedParty(check.party ?? 'resident')
  if (asked !== askedParty(speaker.party)) return false
  return asked === 'resident' || (check.partyName ?? '') === speaker.name
}

/** An interpreter or a relay assistant says what the resident says: the questions are the resident's. */
const askedParty = (party: Party): Exclude<Party, 'interpreter'> =>
  party === 'interpreter' ? 'resident' : party

/** The levels a party can reach, highest first; none when nothing of the record may be opened to them. */
export function levelsFor(step: VerifyStep, party: Party): VerifyStep['levels'] {
  const asked = askedParty(party)
  return asked === 'resident' ? step.levels : (step.parties?.[asked] ?? [])
}

/** The questions a party is asked: not those that only make a level for others. */
export function questionsFor(step: VerifyStep, party: Party): VerifyStep['questions'] {
  const asked = askedParty(party)
  const needed = (levels: VerifyStep['levels'] | undefined, id: string) =>
    levels?.some(({ needs }) => needs.includes(id)) === true
  const others = (id: string) =>
    needed(step.parties?.['third-party'], id) || needed(step.parties?.councillor, id)
  return step.questions.filter(({ id }) =>
    asked === 'resident' ? needed(step.levels, id) || !others(id) : needed(step.parties?.[asked], id),
  )
}

/** The level the marks reach: none as soon as one answer was wrong. */
export function levelReached(
  step: VerifyStep,
  marks: Readonly<Record<string, Mark>>,
  party: Party = 'resident',
): Level {
  if (Object.values(marks).includes('not-matched')) return 'none'
  const reached = levelsFor(step, party).find(({ needs }) =>
    needs.every((question) => marks[question] === 'matched'),
  )
  return reached?.level ?? 'none'
}

/** "name, address": what was compared and fitted. */
export function methodOf(step: VerifyStep, marks: Readonly<Record<string, Mark>>): string {
  return step.questions
    .filter(({ id }) => marks[id] === 'matched')
    .map(({ compares }) => comparedWords[compares])
    .join(', ')
}

/**
 * Attempts left with a resident's record. `failed` counts those of the contact by whose record was compared: with each
 * record only some may fail, and in the contact as a whole only some more.
 */
export function attemptsLeft(
  step: VerifyStep,
  failed: Readonly<Record<string, number>>,
  residentId: string | null,
): number {
  const inAll = Object.values(failed).reduce((sum, count) => sum + count, 0)
  const withThis = residentId === null ? 0 : (failed[residentId] ?? 0)
  return Math.max(
    0,
    Math.min(step.attempts - withThis, (step.attemptsPerContact ?? step.attempts * 2) - inAll),
  )
}

/** The higher count of each resident. */
export function mergedFailures(
  some: Readonly<Record<string, number>>,
  others: Readonly<Record<string, number>>,
): Readonly<Record<string, number>> {
  const merged: Record<string, number> = { ...some }
  for (const [residentId, count] of Object.entries(others)) {
    merged[residentId] = Math.max(merged[residentId] ?? 0, count)
  }
  return merged
}

/** What the record holds to compare an answer with; null when it holds nothing. `todayIso` is `YYYY-MM-DD`. */
export function recordSays(
  resident: Resident,
  compares: Comparable,
  party: Party = 'resident',
  todayIso = '',
): string | null {
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
    case 'authority':
      return authoritiesInWords(resident, party, todayIso)
  }
}

/** Those on record for that party and not past their last day. */
function authoritiesInWords(resident: Resident, party: Party, todayIso: string): string | null {
  const held = (resident.authorities ?? []).filter(
    (each) => each.party === party && (each.until === undefined || each.until >= todayIso),
  )
  const inWords = held.map(({ name, detail, until }) =>
    [
      detail === undefined ? name : `${name} (${detail})`,
      ...(until === undefined ? [] : [`until ${dateInWords(until, 'en').replace(/^\w+ /, '')}`]),
    ].join(', '),
  )
  return inWords.length === 0 ? null : inWords.join('; ')
}
