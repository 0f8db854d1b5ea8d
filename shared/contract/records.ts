import type { Result } from '../kernel/result.ts'
import type { View } from './audit.ts'
import type { Draft } from './draft.ts'
import type { JournalEntry } from './journal.ts'
import type {
  AgentStateAnswer,
  AgentStateRequest,
  Alert,
  Callback,
  CallHistory,
  CallStatus,
  CaseRecord,
  ConflictField,
  Contact,
  Directory,
  FieldValue,
  HandOver,
  Me,
  Operation,
  Problem,
  Resident,
  ScriptEntry,
  ScriptUse,
  TimelineEntry,
} from './rest.ts'
import type { DuplicateCandidate, DuplicatesRequest, MergePreview } from './rest-residents.ts'
import type { Signposts } from './signposts.ts'

/*
 * The records worker (a SharedWorker named `records`, of both pages) as the pages see it, over Comlink. Only the
 * worker opens the database, holds keys and speaks REST. News goes out on the BroadcastChannel `records`.
 */

/** Why the backend cannot be used just now. */
export type Unreachable =
  | 'no-network'
  | 'council-unreachable'
  /** A web page answered in its place: the network wants a sign-in of its own. */
  | 'captive-portal'
  | 'council-error'
  | 'sign-in-needed'

/**
 * Sync as one sentence can say it. Counts are operations. Times are milliseconds since 1970.
 *
 *   closed ──open──▶ loading ──▶ up-to-date ◀──▶ sending
 *                        │           │  ▲           │
 *                        └───────▶ behind ◀─────────┘   (unsent may be 0: only the cache is getting old)
 */
export type SyncState =
  | { readonly name: 'closed' }
  | { readonly name: 'loading'; readonly records: number; readonly since: number }
  | { readonly name: 'up-to-date'; readonly asAt: number }
  | { readonly name: 'sending'; readonly unsent: number; readonly since: number }
  | {
      readonly name: 'behind'
      readonly unsent: number
      /** When the oldest unsent change was saved, or when the backend was last reached. */
      readonly since: number
      readonly reason: Unreachable
      readonly nextTryAt: number
      /** When the cache was last confirmed; null when it never was. */
      readonly asAt: number | null
    }

/** Changes the service would not take as they are. Their data is kept until the adviser decides. */
export interface NeedsAttention {
  readonly operation: Operation
  readonly savedAt: number
  readonly why:
    | { readonly name: 'conflict'; readonly fields: readonly ConflictField[] }
    | { readonly name: 'refused'; readonly problem: Problem }
}

export interface SyncReport {
  readonly state: SyncState
  readonly needsAttention: readonly NeedsAttention[]
  /** Ids of contacts, cases and timeline entries with changes not yet confirmed by the service. */
  readonly pendingIds: readonly string[]
  /** How far this machine's clock is ahead of the backend's, in milliseconds; said from two minutes on. */
  readonly clockAheadMs?: number
  /** How this desk's version of the REST contract stands to the backend's, when they are not the same. */
  readonly desk?: 'older' | 'newer'
}

/** A file of a case that is not at the council yet, or only since the records were opened. */
export interface AttachmentView {
  readonly id: string
  readonly caseId: string
  readonly name: string
  /** Media type. */
  readonly type: string
  readonly sizeBytes: number
  readonly addedAt: number
  readonly sentBytes: number
  readonly state: /** Kept encrypted on this desk. `reason` is null when it is only not its turn. */
    | { readonly name: 'waiting'; readonly reason: Unreachable | null }
    | { readonly name: 'sending' }
    | { readonly name: 'sent' }
    /** Code of the problem, such as `upload/too-large`. */
    | { readonly name: 'refused'; readonly why: string }
}

/** What may be shown before the identity check: enough to choose, nothing of anyone's business. */
export interface Candidate {
  readonly residentId: string
  readonly name: string
  /** First line of the address and town. */
  readonly address: string
  readonly matchedBy: 'number' | 'name' | 'postcode' | 'address'
  readonly openCases: number
  readonly language: 'en' | 'cy'
}

/** What the adviser says of one field that clashes. */
export type FieldChoice =
  | { readonly name: 'mine' }
  | { readonly name: 'theirs' }
  | { readonly name: 'other'; readonly value: FieldValue }

/** What the adviser has begun to decide about a change that clashes or was refused. Kept on every keystroke. */
export interface DecisionDraft {
  /** By the field that clashes. */
  readonly choices: Readonly<Record<string, FieldChoice>>
  /** Words put right, by the path of the part in the operation. */
  readonly edits: Readonly<Record<string, FieldValue>>
}

/** One saved operation that the service has not taken, and how it stands. Times are milliseconds since 1970. */
export interface UnsentOperation {
  readonly operation: Operation
  readonly savedAt: number
  /** How often it went out without an answer that settled it, since the records were opened. */
  readonly tries: number
  /** Why the last try came to nothing; null when there was none or it was answered. */
  readonly lastFailure: { readonly at: number; readonly reason: Unreachable } | null
  readonly standing:
    | { readonly name: 'waiting' }
    /** Something that has to go first cannot: on the same record, or making the record that this one needs. */
    | { readonly name: 'blocked'; readonly byOperationId: string }
    | {
        readonly name: 'conflict'
        readonly fields: readonly ConflictField[]
        /** This desk has the version that clashes, so that a decision is made on the newest. */
        readonly confirmed: boolean
      }
    | { readonly name: 'refused'; readonly problem: Problem }
  readonly decision: DecisionDraft | null
}

/** Why a record was found. `text` is the word, name or number that matched, `at` an ISO 8601 time of a note. */
export interface FindReason {
  readonly what:
    | 'name'
    | 'sounds-like'
    | 'number'
    | 'postcode'
    | 'address'
    | 'reference'
    | 'uprn'
    | 'subject'
    | 'note'
    | 'field'
    | 'typo-name'
    | 'typo-address'
    | 'typo-subject'
    | 'typo-note'
  readonly text?: string
  readonly at?: string
}

/**
 * A record that typed words may mean. A resident's `title` is the name and `detail` the first line of the address and
 * town, which may be shown before the identity check. Of a case both are its resident's business, as `why.text` is.
 */
export interface FindHit {
  readonly kind: 'resident' | 'case'
  /** Of a case: whose it is, null when nobody's. */
  readonly residentId: string | null
  readonly caseId: string | null
  readonly title: string
  readonly detail: string
  readonly why: FindReason
  /** Parts of `title` that matched: from, and up to but without, in UTF-16 units. */
  readonly marks?: readonly (readonly [number, number])[]
  /** LGSL code of a case's service: decides how much of an identity check opens it. */
  readonly serviceCode?: number
  /** Reference of a case, which callers read out: it may be shown before the identity check when it was typed. */
  readonly reference?: string | null
}

/** Best first, at most 50; `total` counts all that was found. */
export interface FindAnswer {
  readonly hits: readonly FindHit[]
  readonly total: number
}

export interface CaseWithTimeline {
  readonly record: CaseRecord
  readonly timeline: readonly TimelineEntry[]
  /** Not yet confirmed by the service. */
  readonly pending: boolean
}

/** A resident's record, opened after the identity check only. */
export interface ResidentView {
  readonly resident: Resident
  readonly cases: readonly CaseWithTimeline[]
  /** When the backend last confirmed what is shown, milliseconds since 1970. */
  readonly asAt: number | null
}

/** A version of a script that was taken back, why, and when (ISO 8601). */
export type WithdrawnScript = NonNullable<ScriptEntry['withdrawnVersions']>[number]

/** A published script document. Times are milliseconds since 1970. */
export interface ScriptView {
  /** Plain JSON. */
  readonly document: unknown
  readonly version: number
  /** When it was fetched; it never changes. */
  readonly asAt: number
  /** Up to when this desk knows which versions were withdrawn; null when it never knew. */
  readonly confirmedAt: number | null
  /** This version was taken back. A contact that is on it stays on it; no new one begins it. */
  readonly withdrawn: WithdrawnScript | null
  /** The newer version that was taken back, so that this one opens instead. */
  readonly insteadOf: WithdrawnScript | null
}

export interface OpenRequest {
  readonly adviserId: string
  readonly councilUrl: string
  /** Chooses the database's name: a practice case can never reach a real council. */
  readonly mode: 'practice' | 'live'
}

/** What the worker needs of the main process, offered by the phone page because workers have no bridge. */
export interface RecordsHost {
  token(force: boolean): Promise<Result<string>>
  dataKey(): Promise<Result<Uint8Array>>
  journalAppend(entries: readonly JournalEntry[]): Promise<Result<null>>
  journalRead(): Promise<Result<readonly JournalEntry[]>>
  journalSettle(operationIds: readonly string[]): Promise<Result<null>>
  /** Destroys the data key and the journal, and ends the session. */
  wiped(): Promise<Result<null>>
  log(
    level: 'error' | 'info' | 'debug',
    code: string,
    facts?: Record<string, string | number | boolean>,
  ): Promise<void>
}

export interface RecordsApi {
  /** The newest host replaces the one before; calls in flight on a dead host are repeated on the new one. */
  provideHost(host: RecordsHost): Promise<void>
  /** Opens (or creates) the adviser's cache and starts syncing. Opening what is open already is harmless. */
  open(request: OpenRequest): Promise<Result<null>>
  /** Stops syncing and forgets the keys. */
  close(): Promise<void>

  /** The backend's `/v1/me`, or the cached one when it cannot be reached. */
  me(): Promise<Result<{ me: Me; asAt: number }>>
  requestAgentState(request: AgentStateRequest): Promise<Result<AgentStateAnswer>>
  readAgentState(): Promise<Result<AgentStateAnswer>>
  readCallStatus(callId: string): Promise<Result<CallStatus>>
  pauseRecording(callId: string, paused: boolean): Promise<Result<CallStatus>>
  /** Milliseconds a request to the backend takes, and how far this machine's clock is ahead of the backend's. */
  probe(): Promise<Result<{ roundTripMs: number; clockAheadMs: number }>>
  /** Audio of the queue's name, played to the adviser alone before a call begins; null when the council has none. */
  queueWhisper(queueId: string): Promise<ArrayBuffer | null>
  /** The backend's, or the cached one when it cannot be reached. */
  directory(): Promise<Result<Directory>>
  callHistory(): Promise<Result<CallHistory & { asAt: number }>>
  /** Not yet done, soonest first; those of the adviser and of nobody in the adviser's queues. */
  callbacksDue(): Promise<readonly Callback[]>

  candidatesForNumber(number: string): Promise<readonly Candidate[]>
  /** Name, postcode, part of an address or of a number; at most 20. */
  findResidents(text: string): Promise<readonly Candidate[]>
  /** Everything of this desk's records that the words may mean. */
  find(text: string): Promise<FindAnswer>
  /**
   * What `find` would answer to the text with one of these letters more, by that text: worked out while nothing else is
   * asked. Each is the JSON of a `FindAnswer`, since of many one is read.
   */
  findNext(text: string, letters: string): Promise<ReadonlyMap<string, string>>
  /** The same of all the council's records; what is found can be opened until the records are closed. */
  findBeyond(text: string): Promise<Result<FindAnswer>>
  residentView(residentId: string): Promise<ResidentView | null>
  caseView(caseId: string): Promise<CaseWithTimeline | null>
  contact(contactId: string): Promise<Contact | null>
  /** What was written during one contact, with or without a case, oldest first. */
  contactTimeline(contactId: string): Promise<readonly TimelineEntry[]>
  /**
   * The version in force unless one is named. `cases/script-withdrawn` when every version was withdrawn; `detail` is
   * why, in the words of whoever did it. News `changed` with the script's id tells that any of this may have changed.
   */
  script(scriptId: string, version?: number): Promise<Result<ScriptView>>
  /** Every script that this desk knows, also those withdrawn, by title. */
  scripts(): Promise<readonly ScriptEntry[]>
  /** Today's contacts by their script, most first: the backend's count and what only this desk knows. */
  scriptUse(): Promise<{ asAt: number | null; counts: ScriptUse['counts'] }>
  /** The backend's, or the cached ones when it cannot be reached; none and no time when there never were any. */
  signposts(): Promise<{ asAt: number | null; services: Signposts['services'] }>
  /** What a colleague handed over with a call. Only from the backend, which keeps who read it. */
  handOver(contactId: string): Promise<Result<HandOver>>
  alert(alertId: string): Promise<Result<Alert>>
  /** All alerts that this desk was told of since the records were opened, taken up or not. */
  alertsHeard(): Promise<readonly Alert[]>
  /** Takes an alert up, as a supervisor. The answer names whoever did so first, which may be somebody else. */
  acknowledgeAlert(alertId: string): Promise<Result<Alert>>

  /**
   * Saves operations: record changes and outbox entries in one strict transaction, then the journal of the main
   * process. Answers only when all of it is on the disk; that is what Saved means.
   */
  save(operations: readonly Operation[]): Promise<Result<{ savedAt: number }>>

  putDraft(draft: Draft): Promise<void>
  draft(contactId: string): Promise<Draft | null>
  /** Unfinished work, newest first. */
  drafts(): Promise<readonly Draft[]>
  deleteDraft(contactId: string): Promise<void>

  /** Keeps a file for a case; it is sent as soon as the case and the network are there. */
  addAttachment(
    caseId: string,
    file: { readonly name: string; readonly type: string; readonly bytes: ArrayBuffer },
  ): Promise<Result<AttachmentView>>
  /** News `attachments` tells that this may have changed. */
  attachments(caseId: string): Promise<readonly AttachmentView[]>
  cancelAttachment(id: string): Promise<void>
  retryAttachment(id: string): Promise<void>
  /** A file that the council has. Kept for audit. */
  attachmentFile(
    id: string,
  ): Promise<Result<{ readonly name: string; readonly type: string; readonly bytes: ArrayBuffer }>>
  /** Something was opened on the desk: told to the council, also later, for its audit. */
  viewed(view: Pick<View, 'kind' | 'recordId'>): Promise<void>
  /** Residents of this desk and of the council who may be the one of a would-be record, likeliest first. */
  duplicates(request: DuplicatesRequest): Promise<Result<readonly DuplicateCandidate[]>>
  /** Only from the council, which knows what moves. */
  mergePreview(keptId: string, goneId: string): Promise<Result<MergePreview>>
  syncReport(): Promise<SyncReport>
  syncNow(): Promise<void>
  /** Every operation that the service has not taken, in order of saving. */
  unsent(): Promise<readonly UnsentOperation[]>
  /** Keeps a decision that is not made yet with the change it is about, and no longer than that. */
  putDecision(operationId: string, decision: DecisionDraft): Promise<void>
  /**
   * What the adviser decided about a change that was refused or clashes, in its place: saved as by `save`, then the
   * old one is let go. With no operations it is let go alone.
   */
  replace(operationId: string, operations: readonly Operation[]): Promise<Result<{ savedAt: number }>>
  /**
   * Lets go of an operation, whatever its standing, after the adviser decided. Saving it again under the same id brings
   * it back.
   */
  discard(operationId: string): Promise<void>
}

/** News on the BroadcastChannel `records`. */
export type RecordsNews =
  | { readonly type: 'sync'; readonly report: SyncReport }
  | { readonly type: 'changed'; readonly ids: readonly string[] }
  | { readonly type: 'attachments'; readonly caseIds: readonly string[] }
  | { readonly type: 'agent'; readonly answer: AgentStateAnswer; readonly asAt: number }
  | { readonly type: 'call'; readonly status: CallStatus }
  | { readonly type: 'alert'; readonly alert: Alert }
  | { readonly type: 'me'; readonly me: Me; readonly asAt: number }
  | { readonly type: 'closed' }

export const recordsChannelName = 'records'
export const recordsWorkerName = 'records'
