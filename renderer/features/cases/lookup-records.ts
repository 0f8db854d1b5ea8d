import { statusWords } from '#renderer/ui/case-words.ts'
import { timeOfDay, when } from '#renderer/ui/time.ts'
import { type EnhancedRules, levelOfCase } from '#shared/cases/disclosure.ts'
import { isOpenCase } from '#shared/cases/record-reader.ts'
import type { CaseWithTimeline, ResidentView } from '#shared/contract/records.ts'
import type { Callback, TimelineEntry } from '#shared/contract/rest.ts'
import { type Level, reaches } from '#shared/guidance/level.ts'

export interface LookedUp {
  readonly id: string
  readonly title: string
  readonly detail: string
}

export interface LookupSources {
  readonly resident: ResidentView
  /** Promised calls still to be made. */
  readonly callbacks: readonly Callback[]
  /** What the identity check opens now. */
  readonly level: Level
  /** What the council opens to an enhanced check only. */
  readonly enhanced: EnhancedRules | undefined
  /** Milliseconds since 1970. */
  readonly now: number
}

export interface ResidentLookup {
  readonly openCases: readonly LookedUp[]
  readonly contacts: readonly LookedUp[]
  readonly promises: readonly LookedUp[]
  readonly asAtWords: string | null
}

const mostShown = 6
const longestDetail = 240

/** What a script may ask to look up of the resident, as far as the identity check opens it; null when nothing. */
export function lookupRecords({
  resident,
  callbacks,
  level,
  enhanced,
  now,
}: LookupSources): ResidentLookup | null {
  if (level === 'none') return null
  const cases = resident.cases.filter(({ record }) => reaches(level, levelOfCase(record, enhanced)))
  const accounts = cases
    .flatMap((each) => each.timeline.map((entry) => ({ entry, of: each })))
    .filter(({ entry }) => entry.kind === 'contact')
    .toSorted((a, b) => b.entry.at.localeCompare(a.entry.at))
  const own = callbacks.filter(({ residentId }) => residentId === resident.resident.id)
  return {
    openCases: cases
      .filter(({ record }) => isOpenCase(record))
      .map(({ record }) => ({
        id: record.id,
        title: record.subject,
        detail: [
          statusWords[record.status],
          `opened ${when(record.openedAt, now)}`,
          ...(record.reference === null ? [] : [record.reference]),
        ].join(', '),
      })),
    contacts: accounts.slice(0, mostShown).map(({ entry, of }) => ({
      id: entry.id,
      title: `${when(entry.at, now)}, ${of.record.subject}`,
      detail: shortened(entry.text),
    })),
    promises: [
      ...own.map((callback) => callPromised(callback, now)),
      ...accounts.flatMap(({ entry, of }) => promisedIn(entry, of, now)),
    ].slice(0, mostShown),
    asAtWords: resident.asAt === null ? null : `as at ${timeOfDay(resident.asAt)}`,
  }
}

function callPromised({ id, dueBy, reason }: Callback, now: number): LookedUp {
  const late = Date.parse(dueBy) < now
  return {
    id,
    title: late
      ? `A call by ${when(dueBy, now)}: late, not made yet`
      : `A call by ${timeOfDay(dueBy)}, ${when(dueBy, now)}`,
    detail: reason,
  }
}

const promiseLine = /^Promised: (.+)$/gm

/** Promises stand in the account of the contact they were made in, a line each. */
function promisedIn(
  { id, at, text }: TimelineEntry,
  { record }: CaseWithTimeline,
  now: number,
): readonly LookedUp[] {
  return [...text.matchAll(promiseLine)].map((match, index) => ({
    id: `${id}.${index}`,
    title: match[1] ?? '',
    detail: `${when(at, now)}, ${record.subject}: ${statusWords[record.status].toLowerCase()}`,
  }))
}

function shortened(text: string): string {
  const line = text.replaceAll('\n', ' ')
  return line.length <= longestDetail ? line : `${line.slice(0, longestDetail).trimEnd()}…`
}
