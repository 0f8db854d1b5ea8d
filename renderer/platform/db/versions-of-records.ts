import type {
  CaseRecord,
  CaseStatus,
  Change,
  Contact,
  Resident,
  TimelineEntry,
} from '#shared/contract/rest.ts'

/** The kinds there are many of, in the order of their codes on the disk. */
export const largeKinds = ['resident', 'case', 'timeline', 'contact'] as const
export type LargeKind = (typeof largeKinds)[number]

interface RecordOf {
  readonly resident: Resident
  readonly case: CaseRecord
  readonly timeline: TimelineEntry
  readonly contact: Contact
}

export type LargeRecord = RecordOf[LargeKind]

/** What the feed said of a record at one time; null when it was deleted. */
export type Version = {
  readonly [K in LargeKind]: { readonly kind: K; readonly id: string; readonly record: RecordOf[K] | null }
}[LargeKind]

export type SmallChange = Extract<Change, { kind: 'script' | 'callback' }>

export const kindCode: Readonly<Record<LargeKind, number>> = { resident: 0, case: 1, timeline: 2, contact: 3 }

/** In the order of their codes on the disk. */
const statuses: readonly CaseStatus[] = ['open', 'in-progress', 'waiting-for-resident', 'resolved', 'closed']

export const statusCode = (status: CaseStatus): number => statuses.indexOf(status)

/** One that a newer service invented has no code and is kept with the record alone. */
export const statusOf = (code: number): CaseStatus => statuses[code] ?? 'open'

export const isOpenStatus = (code: number): boolean => code < statuses.indexOf('resolved')

/** Tells the kinds of a change apart; null for the small ones. */
export function versionOf(change: Change): Version | null {
  if (!('record' in change)) {
    const kind = largeKinds.find((each) => each === change.kind)
    return kind ? { kind, id: change.id, record: null } : null
  }
  if (change.kind === 'script' || change.kind === 'callback') return null
  return change
}
