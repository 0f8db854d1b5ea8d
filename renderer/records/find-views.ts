import { type Match, normaliseNumber, rankMatches } from '#shared/cases/candidates.ts'
import {
  type Found,
  type FoundRecords,
  type FoundWhy,
  fullName,
  isOpenCase,
  type ResidentSummary,
  summaryOfCase,
  summaryOfResident,
} from '#shared/cases/record-reader.ts'
import type { Candidate, FindAnswer, FindHit, FindReason } from '#shared/contract/records.ts'
import type { SearchAnswer } from '#shared/contract/rest.ts'
import { casesOfResident, withResidentsInWork } from './resident-views.ts'
import type { ViewSource } from './views.ts'

const mostCandidates = 20
const mostHits = 50

async function withStanding(
  source: ViewSource,
  resident: ResidentSummary,
  matchedBy: Candidate['matchedBy'],
): Promise<Match> {
  const cases = await casesOfResident(source, resident.id)
  return {
    resident,
    matchedBy,
    openCases: cases.filter(isOpenCase).length,
    lastActivityAt: cases.length === 0 ? null : Math.max(...cases.map(({ updatedAt }) => updatedAt)),
  }
}

/** Who may be calling from a number. A number that is none (withheld, a SIP name) finds nobody. */
export async function candidatesForNumber(source: ViewSource, number: string): Promise<readonly Candidate[]> {
  const e164 = normaliseNumber(number)
  if (e164 === null) return []
  const known = await source.records.residentsByPhone(e164)
  const residents = await withResidentsInWork(source, known, ({ phones }) => phones.includes(e164))
  const matches = await Promise.all(residents.map((each) => withStanding(source, each, 'number')))
  return rankMatches(matches, mostCandidates)
}

/** As what a candidate is named who was found by these. */
function matchedBy(why: readonly FoundWhy[]): Candidate['matchedBy'] {
  const found = new Set(why.map(({ what }) => what))
  if (found.has('number')) return 'number'
  if (found.has('name')) return 'name'
  return found.has('postcode') ? 'postcode' : 'address'
}

export async function findResidents(source: ViewSource, text: string): Promise<readonly Candidate[]> {
  const { hits } = await foundHere(source, text)
  const residents = hits.flatMap((hit) => (hit.kind === 'resident' ? [hit] : []))
  const matches = await Promise.all(
    residents.map(({ resident, why }) => withStanding(source, resident, matchedBy(why))),
  )
  return rankMatches(matches, mostCandidates)
}

const idOf = (found: Found): string => (found.kind === 'resident' ? found.resident.id : found.case.id)

/** What the store finds, but for records that were changed here: those are searched as they are shown, and come first. */
async function foundHere(source: ViewSource, text: string): Promise<FoundRecords> {
  const { hits, total } = await source.records.find(text, mostHits)
  const mine = await source.work.find(source, text, mostHits)
  const others = hits.filter((hit) => !mine.ids.has(idOf(hit)))
  return { hits: [...mine.hits, ...others], total: total - (hits.length - others.length) + mine.hits.length }
}

/** Anything the cache holds, as the desk's one box shows it. */
export async function find(source: ViewSource, text: string): Promise<FindAnswer> {
  const { hits, total } = await foundHere(source, text)
  return { hits: hits.slice(0, mostHits).map(asHit), total }
}

/** Answers to the text with one letter more, as JSON; others have their turn between two of them. */
export async function findNext(
  source: ViewSource,
  text: string,
  letters: string,
  breathe: () => Promise<void>,
): Promise<ReadonlyMap<string, string>> {
  const answers = new Map<string, string>()
  for (const letter of letters) {
    await breathe()
    answers.set(text + letter, JSON.stringify(await find(source, text + letter)))
  }
  return answers
}

/** Records that the council found and this desk does not hold. */
export async function foundBeyond(source: ViewSource, answer: SearchAnswer): Promise<FindAnswer> {
  const [heldResidents, heldCases] = await Promise.all([
    source.records.residentSummaries(answer.residents.map(({ id }) => id)),
    source.records.caseSummaries(answer.cases.map(({ id }) => id)),
  ])
  const held = new Set([...heldResidents, ...heldCases].map(({ id }) => id))
  const why: readonly FoundWhy[] = []
  const residents = answer.residents
    .filter(({ id, mergedInto }) => !held.has(id) && mergedInto === undefined)
    .map((record): Found => ({ kind: 'resident', resident: summaryOfResident(record), openCases: 0, why }))
  const cases = answer.cases
    .filter(({ id }) => !held.has(id))
    .map((record): Found => ({ kind: 'case', case: summaryOfCase(record), resident: null, why }))
  const hits = [...residents, ...cases].map(asHit)
  return { hits, total: hits.length }
}

function asHit(found: Found): FindHit {
  if (found.kind === 'resident') {
    const { resident, why } = found
    return {
      kind: 'resident',
      residentId: resident.id,
      caseId: null,
      title: fullName(resident),
      detail: `${resident.line1}, ${resident.town}`,
      why: reasonOf(why),
      marks: marksIn(fullName(resident), why),
    }
  }
  const { why } = found
  return {
    kind: 'case',
    residentId: found.case.residentId,
    caseId: found.case.id,
    title: found.case.subject,
    detail: `${found.case.serviceName} · ${found.case.status}`,
    why: reasonOf(why),
    marks: marksIn(found.case.subject, why),
    serviceCode: found.case.serviceCode,
    reference: found.case.reference,
  }
}

/** The word that says most: one found as typed before one that sounds alike or is a letter off. */
function reasonOf(why: readonly FoundWhy[]): FindReason {
  const first = why.find(({ how }) => how !== 'sound' && how !== 'typo') ?? why[0]
  if (!first) return { what: 'field' }
  const { text } = first
  const at = first.at === undefined ? {} : { at: new Date(first.at).toISOString() }
  return { what: whatOf(first), text, ...at }
}

function whatOf({ what, how }: FoundWhy): FindReason['what'] {
  if (how === 'sound') return 'sounds-like'
  if (what === 'email' || what === 'service') return 'field'
  const mayBeMistyped = what === 'name' || what === 'address' || what === 'subject' || what === 'note'
  return how === 'typo' && mayBeMistyped ? `typo-${what}` : what
}

/** Where the words that were found stand in a title; folded words of another spelling are not marked. */
function marksIn(title: string, why: readonly FoundWhy[]): readonly (readonly [number, number])[] {
  const lower = title.toLowerCase()
  return why
    .filter(({ what }) => what === 'name' || what === 'subject')
    .flatMap(({ text }): readonly (readonly [number, number])[] => {
      const from = lower.indexOf(text)
      return from < 0 ? [] : [[from, from + text.length]]
    })
    .toSorted(([a], [b]) => a - b)
}
