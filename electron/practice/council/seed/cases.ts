import { isOpenCase } from '#shared/cases/record-reader.ts'
import type { CaseRecord, CaseStatus, FieldValue, Resident, TimelineEntry } from '#shared/contract/rest.ts'
import { cast } from '#shared/practice/cast.ts'
import { formatReference, referencePrefix } from '../reference.ts'
import { advisers } from './practice-council.ts'
import { weighted } from './residents.ts'
import type { SeededRandom } from './seeded-random.ts'
import type { ServiceStory } from './service-story.ts'
import { services } from './services.ts'

export const caseCount = 5000
const dayMs = 86_400_000
const hourMs = 3_600_000
const minuteMs = 60_000

export interface SeededCases {
  readonly cases: readonly CaseRecord[]
  readonly timeline: readonly TimelineEntry[]
  /** Where the numbers of references go on. */
  readonly counters: readonly { prefix: string; year: number; last: number }[]
}

/** Everyone whose name is under a timeline entry: the practice advisers and colleagues who have no account. */
const writers = [
  ...advisers.map(({ name }) => name),
  'Alex Mercer',
  'Bryn Tanner',
  'Chidi Lowe',
  'Dana Whitaker',
]

/** Cases of the year before `now`, oldest first, so that references and the feed run in the order of opening. */
export function seedCases(random: SeededRandom, residents: readonly Resident[], now: number): SeededCases {
  const openedAt = Array.from({ length: caseCount }, () => officeTime(random, now)).sort((a, b) => a - b)
  const nextReference = createReferences()
  const residentsWithCases = castWithCases(residents)
  const castFrom = caseCount - residentsWithCases.length * 60
  const cases: CaseRecord[] = []
  const timeline: TimelineEntry[] = []
  for (const [index, opened] of openedAt.entries()) {
    const isCastTurn = index >= castFrom && (index - castFrom) % 60 === 7
    const ofCast = isCastTurn ? residentsWithCases.shift() : undefined
    const resident = ofCast ?? random.pick(residents)
    const made = makeCase(random, index, weighted(random, services), resident, opened, now, nextReference)
    cases.push(made.record)
    timeline.push(...made.entries)
  }
  return { cases, timeline, counters: nextReference.counters() }
}

/** Each of the cast rang in the last weeks, some twice: the desk has something to show when they call. */
function castWithCases(residents: readonly Resident[]): Resident[] {
  const members = residents.slice(0, cast.length)
  return [...members, ...members.slice(0, 3)]
}

/** Within the last year, Monday to Friday, 8 to 18. */
function officeTime(random: SeededRandom, now: number): number {
  for (;;) {
    const midnight = Math.floor((now - random.between(0, 364) * dayMs) / dayMs) * dayMs
    const at = midnight + 8 * hourMs + random.between(0, 10 * 60 * 60 - 1) * 1000
    const day = new Date(at).getUTCDay()
    if (at < now && ((day !== 0 && day !== 6) || random.chance(0.03))) return at
  }
}

function createReferences() {
  const last = new Map<string, { prefix: string; year: number; last: number }>()
  return {
    next: (serviceCode: number, at: number): string => {
      const prefix = referencePrefix(serviceCode)
      const year = new Date(at).getUTCFullYear()
      const counter = last.get(`${prefix}${year}`) ?? { prefix, year, last: 1000 }
      counter.last += 1
      last.set(`${prefix}${year}`, counter)
      return formatReference(prefix, year, counter.last)
    },
    counters: () => [...last.values()],
  }
}

function makeCase(
  random: SeededRandom,
  index: number,
  story: ServiceStory,
  resident: Resident,
  opened: number,
  now: number,
  references: ReturnType<typeof createReferences>,
): { record: CaseRecord; entries: TimelineEntry[] } {
  const id = `case-${String(index + 1).padStart(5, '0')}`
  const fields = Object.fromEntries(
    Object.entries(story.fields).map(([name, values]): [string, FieldValue] => [name, random.pick(values)]),
  )
  const tell = teller(fields, resident)
  const status = statusAfter(random, (now - opened) / dayMs)
  const texts = storyTexts(random, story, status)
  const times = entryTimes(random, opened, now, texts.length)
  const entries = texts.map(
    ({ kind, text, system }, position): TimelineEntry => ({
      id: `entry-${String(index + 1).padStart(5, '0')}-${position + 1}`,
      caseId: id,
      residentId: resident.id,
      contactId: null,
      at: new Date(times[position] ?? opened).toISOString(),
      kind,
      text: tell(text),
      by: system ? null : random.pick(writers),
    }),
  )
  const isOpen = isOpenCase({ status })
  const record: CaseRecord = {
    id,
    version: 1 + entries.filter(({ kind }) => kind === 'status').length,
    updatedAt: entries.at(-1)?.at ?? new Date(opened).toISOString(),
    openedAt: new Date(opened).toISOString(),
    reference: references.next(story.serviceCode, opened),
    residentId: resident.id,
    serviceCode: story.serviceCode,
    interactionCode: story.interactionCode,
    serviceName: story.name,
    subject: tell(random.pick(story.subjects)),
    status,
    queueId: story.queueId,
    assignedTo: isOpen && random.chance(0.3) ? assignee(random, story.queueId) : null,
    fields,
  }
  return { record, entries }
}

const assignee = (random: SeededRandom, queueId: string) =>
  random.pick(advisers.filter(({ queueIds }) => queueIds.includes(queueId))).id

/** Fills `{street}` and `{FIELD}`, and begins with a capital letter. */
function teller(fields: Readonly<Record<string, FieldValue>>, resident: Resident): (text: string) => string {
  const street = resident.address.line1.replace(/^Flat [^,]*, /, '').replace(/^\d+ /, '')
  return (text) => {
    const filled = text.replace(/\{(\w+)\}/g, (_, name: string) =>
      name === 'street' ? street : String(fields[name] ?? ''),
    )
    return filled.charAt(0).toUpperCase() + filled.slice(1)
  }
}

function statusAfter(random: SeededRandom, days: number): CaseStatus {
  if (days < 3)
    return random.pick(['open', 'open', 'in-progress', 'in-progress', 'waiting-for-resident', 'resolved'])
  if (days < 21)
    return random.pick(['in-progress', 'in-progress', 'waiting-for-resident', 'resolved', 'resolved', 'open'])
  if (days < 60)
    return random.chance(0.15) ? random.pick(['in-progress', 'waiting-for-resident']) : 'resolved'
  return random.chance(0.03) ? 'in-progress' : random.pick(['closed', 'closed', 'closed', 'resolved'])
}

interface StoryText {
  readonly kind: TimelineEntry['kind']
  readonly text: string
  readonly system?: boolean
}

/** One to six entries that lead up to the status. */
function storyTexts(random: SeededRandom, story: ServiceStory, status: CaseStatus): StoryText[] {
  const opened: StoryText = { kind: 'contact', text: random.pick(story.opened) }
  if (status === 'open') return [opened]
  const worked = random
    .shuffled(story.worked)
    .slice(0, random.pick([0, 0, 1, 1, 2]))
    .map((text): StoryText => ({ kind: 'note', text }))
  const started: StoryText = { kind: 'status', text: 'In progress', system: true }
  switch (status) {
    case 'in-progress':
      return [opened, started, ...worked]
    case 'waiting-for-resident':
      return [opened, ...worked, { kind: 'note', text: random.pick(story.waiting) }]
    case 'resolved':
      return [opened, ...worked, { kind: 'note', text: random.pick(story.done) }]
    case 'closed':
      return [
        opened,
        ...worked,
        { kind: 'note', text: random.pick(story.done) },
        ...(random.chance(0.4) ? [{ kind: 'status' as const, text: 'Closed', system: true }] : []),
      ]
  }
}

/** Later and later after the opening, in office hours as far as there is time, and never after `now`. */
function entryTimes(random: SeededRandom, opened: number, now: number, count: number): number[] {
  const times = [opened]
  let at = opened
  for (let index = 1; index < count; index += 1) {
    const wanted = at + (index === 1 ? random.between(1, 300) * minuteMs : random.between(2, 90) * hourMs)
    const hour = new Date(wanted).getUTCHours()
    const offHoursMs = hour >= 18 ? (32 - hour) * hourMs : hour < 8 ? (8 - hour) * hourMs : 0
    const fits = wanted + offHoursMs < now
    at = fits ? wanted + offHoursMs : at + Math.floor(((now - at) * random.between(20, 70)) / 100)
    times.push(at)
  }
  return times
}
