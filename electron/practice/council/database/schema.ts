import type { ColumnType, Generated, GeneratedAlways, Kysely, Transaction } from 'kysely'
import type { ReadEntry } from '#shared/contract/audit.ts'
import type {
  Alert,
  Callback,
  CallHistoryEntry,
  CaseRecord,
  Contact,
  FieldValue,
  HandOver,
  MergeField,
  OperationResult,
  Resident,
  Role,
  TimelineEntry,
  Warning,
} from '#shared/contract/rest.ts'
import type { DraftState, ScriptAction } from '#shared/contract/script-lifecycle.ts'

/** Written as JSON text, because the two drivers disagree about objects and arrays as parameters. */
type Json<T> = ColumnType<T, string, string>
/** PostgreSQL's bigint, which every driver here reads as a number. */
type BigInteger = ColumnType<number, number, number>

/**
 * Records are kept as the JSON of the contract, so that members a newer desk sends are kept too, and in the order
 * sent (`json`, not `jsonb`). Columns beside `record` are generated from it: what SQL asks about cannot drift.
 */
export interface Database {
  /** One row: which database this is. Cursors of another one are refused. */
  council: { id: string; seeded_on: string | null }
  adviser: {
    id: string
    username: string
    name: string
    languages: Json<('en' | 'cy')[]>
    queue_ids: Json<string[]>
    password_hash: string
    sip_username: string
    sip_password: string
    roles: Json<Role[]>
  }
  token: {
    /** SHA-256 of the token; the token itself is never kept. */
    hash: string
    kind: 'access' | 'refresh'
    adviser_id: string
    /** Tokens that came from one giving of the password. */
    sign_in_id: string
    /** When the password was given, milliseconds since 1970. */
    signed_in_at: BigInteger
    expires_at: BigInteger
  }
  queue: {
    id: string
    position: number
    name: string
    dialled_number: string
    preferred_script_id: string
  }
  resident: {
    id: string
    record: Json<Resident>
    search_text: GeneratedAlways<string>
    merged_into: GeneratedAlways<string | null>
    /** Upper case, without its space. */
    postcode: GeneratedAlways<string>
    uprn: GeneratedAlways<string | null>
    date_of_birth: GeneratedAlways<string | null>
    has_warnings: GeneratedAlways<boolean>
  }
  resident_field_change: {
    resident_id: string
    field: string
    version: number
    value: Json<unknown>
    adviser_id: string
    by_name: string
    at: string
  }
  resident_merge: {
    id: string
    /** Rises from one merge to the next. */
    number: ColumnType<number, never, never>
    kept_id: string
    gone_id: string
    adviser_id: string
    by_name: string
    at: string
    /** The record that was kept, as it was before. */
    kept_before: Json<Resident>
    /** What the merge set in it. */
    taken: Json<Partial<Record<MergeField, unknown>>>
    undone_at: string | null
    undone_by: string | null
  }
  /** What a merge gave the kept record, and an undoing gives back. */
  resident_merge_moved: { merge_id: string; kind: MovedKind; record_id: string }
  /** For audit, only ever added to. No adviser is the day on which a warning ended. */
  warning_event: {
    number: ColumnType<number, never, never>
    resident_id: string
    warning_id: string
    action: 'added' | 'changed' | 'removed' | 'expired'
    adviser_id: string | null
    at: string
    warning: Json<Warning> | null
    reason: string | null
  }
  case_record: {
    id: string
    record: Json<CaseRecord>
    queue_id: GeneratedAlways<string | null>
    assigned_to: GeneratedAlways<string | null>
    resident_id: GeneratedAlways<string | null>
    search_text: GeneratedAlways<string>
  }
  /** Who last set which field to what, and before that whom; creation is not in it. */
  case_field_change: {
    case_id: string
    field: string
    version: number
    value: Json<FieldValue>
    adviser_id: string
    by_name: string
    at: string
  }
  timeline_entry: {
    id: string
    case_id: string | null
    resident_id: GeneratedAlways<string | null>
    record: Json<TimelineEntry>
  }
  contact: {
    id: string
    case_id: GeneratedAlways<string | null>
    resident_id: GeneratedAlways<string | null>
    adviser_id: string
    record: Json<Contact>
    /** `YYYY-MM-DD` of the time as it was written, whatever its offset. */
    started_on: GeneratedAlways<string | null>
  }
  /** The latest of each contact. */
  hand_over: { contact_id: string; adviser_id: string; record: Json<HandOver> }
  alert: {
    id: string
    adviser_id: string
    record: Json<Alert>
    acknowledged_at: GeneratedAlways<string | null>
  }
  script_report: {
    id: string
    script_id: string
    version: number
    step_id: string
    comment: string
    adviser_id: string
    by_name: string
    at: string
  }
  /** `queue_id` and `assigned_to` decide who is told. */
  callback: {
    id: string
    record: Json<Callback>
    queue_id: GeneratedAlways<string | null>
    assigned_to: GeneratedAlways<string | null>
    resident_id: GeneratedAlways<string | null>
  }
  /** The switchboard's own records, of advisers who were offered or made a call. */
  call_history: {
    adviser_id: string
    /** SIP Call-ID at the adviser's telephone. */
    call_id: string
    /** Milliseconds since 1970; what is kept too long is found by it. */
    started_at: BigInteger
    record: Json<CallHistoryEntry>
  }
  /** For audit: who went to work in spite of what the check before the shift found. */
  readiness_override: {
    adviser_id: string
    at: string
    failed: Json<string[]>
    reason: string
  }
  script: {
    id: string
    version: number
    title: string
    service_code: number
    withdrawn: boolean
    /** SHA-256 of the document; its ETag. */
    hash: string
    /** SHA-256 of the files it was made from. */
    source_hash: string
    /** Verbatim JSON, served as published. */
    document: string
    published_at: string
    service_name: string | null
    /** Words residents use for it, in both languages. */
    aliases: Json<string[]>
    /** What its cases are called. */
    subjects: Json<string[]>
    withdrawn_at: string | null
    withdrawn_why: string | null
    /** Of the file it came from; null when nobody has looked. */
    test_facts: Json<Record<string, string>> | null
  }
  /** What editors work on; one of a script at a time. */
  script_draft: {
    script_id: string
    /** Counts what happened to it; whoever changes it names the one that was seen. */
    revision: number
    state: DraftState
    /** As the text says; null when it cannot be read. */
    version: number | null
    text: string
    /** Everyone whose words are in it, none of whom may approve it. */
    author_ids: Json<string[]>
    approver_id: string | null
    /** SHA-256 of the document that was approved. */
    approved_hash: string | null
    updated_at: string
  }
  /** For audit, only ever added to. No adviser is the library itself. */
  script_event: {
    id: ColumnType<number, never, never>
    script_id: string
    version: number | null
    action: ScriptAction
    adviser_id: string | null
    by_name: string
    at: string
    why: string | null
  }
  /** Who looked at what. */
  read_audit: {
    number: Generated<number>
    /** The desk's own identifier of a view. */
    view_id: string | null
    adviser_id: string
    at: string
    kind: ReadEntry['kind']
    record_id: string | null
    search: Json<NonNullable<ReadEntry['search']>> | null
  }
  /** A file of a case, on its way or there. */
  upload: {
    id: string
    case_id: string
    adviser_id: string
    state: 'arriving' | 'kept' | 'deleted'
    name: string
    type: string
    size_bytes: number
    arrived_bytes: number
    created_at: BigInteger
  }
  upload_part: { upload_id: string; at_byte: number; bytes: Uint8Array }
  /** Every desk on which the adviser signed in before forgets what it holds. */
  wipe: {
    id: ColumnType<number, never, never>
    adviser_id: string
    ordered_at: BigInteger
    ordered_by: string
    reason: string
  }
  wipe_told: { wipe_id: BigInteger; sign_in_id: string; at: BigInteger }
  operation: {
    id: string
    adviser_id: string
    kind: string
    hash: string
    result: Json<OperationResult> | null
  }
  reference_counter: { prefix: string; year: number; last: number }
  change: {
    seq: BigInteger
    kind: 'resident' | 'case' | 'timeline' | 'contact' | 'script' | 'callback'
    record_id: string
    /** Decides with the case who is told; null for what everyone is told. */
    case_id: string | null
    /** An adviser's id when only that adviser is told, else empty. */
    only_for: string
    deleted: boolean
  }
}

/** What belongs to a resident. */
export type MovedKind = 'case' | 'timeline' | 'contact' | 'callback' | 'warning'

export type Db = Kysely<Database>
export type Tx = Transaction<Database>
