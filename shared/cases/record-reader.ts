import type { CaseRecord, CaseStatus, Contact, Resident, TimelineEntry } from '../contract/rest.ts'
import type { FoundBy, FoundIn } from './search/found.ts'

/** What lists and candidates show of a resident: enough to choose, kept in memory for everyone. */
export interface ResidentSummary {
  readonly id: string
  readonly title: string | null
  readonly givenName: string
  readonly familyName: string
  readonly line1: string
  readonly town: string
  readonly postcode: string
  readonly language: Resident['language']
  readonly hasWarnings: boolean
  /** Milliseconds since 1970. */
  readonly updatedAt: number
}

/** What lists show of a case. Times are milliseconds since 1970. */
export interface CaseSummary {
  readonly id: string
  readonly reference: string | null
  readonly residentId: string | null
  readonly serviceCode: number
  readonly serviceName: string
  readonly subject: string
  readonly status: CaseStatus
  readonly queueId: string | null
  readonly assignedTo: string | null
  readonly openedAt: number
  readonly updatedAt: number
}

export interface CaseFilter {
  readonly status?: CaseStatus
  readonly assignedTo?: string
}

/** Where a word of the search was found, and how. */
export interface FoundWhy {
  readonly what: FoundIn
  readonly how: FoundBy
  /** The word of the record that matched, folded. */
  readonly text: string
  /** When a note was written, milliseconds since 1970. */
  readonly at?: number
}

/** One finding, with what is needed to choose it. */
export type Found =
  | {
      readonly kind: 'resident'
      readonly resident: ResidentSummary
      readonly openCases: number
      readonly why: readonly FoundWhy[]
    }
  | {
      readonly kind: 'case'
      readonly case: CaseSummary
      readonly resident: ResidentSummary | null
      readonly why: readonly FoundWhy[]
    }

export interface FoundRecords {
  /** Likeliest first, at most as many as asked for. */
  readonly hits: readonly Found[]
  readonly total: number
}

/**
 * Confirmed records where they lie. Whole records are read from the disk and decrypted, a few at a time; summaries and
 * look-ups are answered from memory, however many records there are. Nothing here knows of unsent work.
 */
export interface RecordReader {
  /** Records of every kind. */
  count(): Promise<number>
  resident(id: string): Promise<Resident | null>
  caseRecord(id: string): Promise<CaseRecord | null>
  contact(id: string): Promise<Contact | null>
  /** In no order. */
  timelineOfCase(caseId: string): Promise<readonly TimelineEntry[]>
  /** In no order. */
  timelineOfContact(contactId: string): Promise<readonly TimelineEntry[]>
  /** In no order; milliseconds since 1970. */
  contactsStartedSince(since: number): Promise<readonly Contact[]>
  residentSummaries(ids: readonly string[]): Promise<readonly ResidentSummary[]>
  caseSummaries(ids: readonly string[]): Promise<readonly CaseSummary[]>
  /** In no order. */
  residentsByPhone(e164: string): Promise<readonly ResidentSummary[]>
  /** In no order; as spelt by the service, which puts one space before the inward code. */
  residentsByPostcode(postcode: string): Promise<readonly ResidentSummary[]>
  /** In no order. */
  casesOfResident(residentId: string): Promise<readonly CaseSummary[]>
  caseByReference(reference: string): Promise<CaseSummary | null>
  /** The one that changed last first. */
  newestCases(filter: CaseFilter, limit: number): Promise<readonly CaseSummary[]>
  /** What typed text may mean, likeliest first. */
  find(text: string, limit: number): Promise<FoundRecords>
}

interface Named {
  readonly title?: string | null | undefined
  readonly givenName: string
  readonly familyName: string
}

/** As a person is named in a list, for example `Mrs Adaeze Okafor`. */
export const fullName = ({ title, givenName, familyName }: Named): string =>
  [title, givenName, familyName].filter(Boolean).join(' ')

export const summaryOfResident = (record: Resident): ResidentSummary => ({
  id: record.id,
  title: record.title ?? null,
  givenName: record.givenName,
  familyName: record.familyName,
  line1: record.address.line1,
  town: record.address.town,
  postcode: record.address.postcode,
  language: record.language,
  hasWarnings: (record.warnings ?? []).length > 0,
  updatedAt: Date.parse(record.updatedAt),
})

/** Somebody has something to do yet. */
export const isOpenCase = ({ status }: Pick<CaseRecord, 'status'>): boolean =>
  status !== 'resolved' && status !== 'closed'

export const summaryOfCase = (record: CaseRecord): CaseSummary => ({
  id: record.id,
  reference: record.reference,
  residentId: record.residentId,
  serviceCode: record.serviceCode,
  serviceName: record.serviceName,
  subject: record.subject,
  status: record.status,
  queueId: record.queueId,
  assignedTo: record.assignedTo,
  openedAt: Date.parse(record.openedAt),
  updatedAt: Date.parse(record.updatedAt),
})
