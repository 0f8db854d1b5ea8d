import type { View } from '../contract/audit.ts'
import type {
  AgentStateAnswer,
  AgentStateRequest,
  Alert,
  CallHistory,
  CallStatus,
  ChangesPage,
  Directory,
  DuplicateCandidate,
  DuplicatesRequest,
  HandOver,
  Me,
  MergePreview,
  Operation,
  OperationResult,
  ScriptUse,
  SearchAnswer,
  ServerEvent,
} from '../contract/rest.ts'
import type { Signposts } from '../contract/signposts.ts'
import type { Cancel } from '../kernel/clock.ts'
import type { Result } from '../kernel/result.ts'

/** What an event stream tells. After `closed` nothing follows; opening again is the caller's business. */
export type EventStreamNews =
  | { readonly type: 'opened' }
  /** Any bytes, heartbeats included. */
  | { readonly type: 'alive' }
  | { readonly type: 'event'; readonly event: ServerEvent }
  | { readonly type: 'closed' }

/** `etag` as the service gave it; null when it gave none. */
export interface TaggedDirectory {
  readonly directory: Directory
  readonly etag: string | null
}

export interface TaggedSignposts {
  readonly signposts: Signposts
  readonly etag: string | null
}

/** How far the service is: a request's round trip, and how far this machine's clock is ahead of the service's. */
export interface Probe {
  readonly roundTripMs: number
  readonly clockAheadMs: number
}

/** A file for a case, as it is announced. */
export interface FileToUpload {
  readonly caseId: string
  readonly name: string
  /** Media type. */
  readonly type: string
  readonly sizeBytes: number
}

/** What is not whole by `expiresAt`, milliseconds since 1970, is given up; null when the file is whole already. */
export interface BegunUpload {
  /** The file's id in the case's `attachments`, once all of it has arrived. */
  readonly uploadId: string
  readonly expiresAt: number | null
}

export interface AttachedFile {
  readonly name: string
  readonly type: string
  readonly bytes: ArrayBuffer
}

/**
 * The council's backend as the desk uses it.
 *
 * An implementation
 * - MUST check every answer against the contract and answer `cases/malformed-answer` otherwise;
 * - MUST answer with a `cases/…` code for every failure, `retryAfterMs` when the service named a time;
 * - MUST NOT repeat a request by itself, but once after a 401 with a fresh token;
 * - MUST time out: 10 s, 30 s for pages of the feed; an event stream silent for 40 s is closed.
 */
export interface CouncilApi {
  me(): Promise<Result<Me>>
  agentState(): Promise<Result<AgentStateAnswer>>
  requestAgentState(request: AgentStateRequest): Promise<Result<AgentStateAnswer>>
  /** The page after `cursor` in commit order; null for the first. `cases/cursor-unknown` when it expired. */
  changes(cursor: string | null, limit: number): Promise<Result<ChangesPage>>
  /** One result for each operation, in the same order. */
  sendOperations(operations: readonly Operation[]): Promise<Result<readonly OperationResult[]>>
  script(scriptId: string, version: number): Promise<Result<unknown>>
  scriptUse(): Promise<Result<ScriptUse>>
  /** Null when they are still the ones with `heldEtag`. */
  signposts(heldEtag: string | null): Promise<Result<TaggedSignposts | null>>
  /** `cases/request-refused` when nothing was handed over with the contact. */
  handOver(contactId: string): Promise<Result<HandOver>>
  alert(alertId: string): Promise<Result<Alert>>
  /** Takes it up, as a supervisor. The answer names whoever did so first, which may be somebody else. */
  acknowledgeAlert(alertId: string): Promise<Result<Alert>>
  callStatus(callId: string): Promise<Result<CallStatus>>
  /** `cases/request-refused` when the recorder will not, `cases/council-error` when it cannot be reached. */
  setRecordingPaused(callId: string, paused: boolean): Promise<Result<CallStatus>>
  callHistory(): Promise<Result<CallHistory>>
  /** Null when the directory is still the one with `heldEtag`. */
  directory(heldEtag: string | null): Promise<Result<TaggedDirectory | null>>
  /** A sound file of the queue's name; null when the council has none. */
  queueWhisper(queueId: string): Promise<Result<ArrayBuffer | null>>
  /** Beyond what the desk holds, at most 20 of each; two characters at least. Kept for audit. */
  search(text: string): Promise<Result<SearchAnswer>>
  /** Residents who may be the one of a would-be record, likeliest first. */
  duplicates(request: DuplicatesRequest): Promise<Result<readonly DuplicateCandidate[]>>
  mergePreview(keptId: string, goneId: string): Promise<Result<MergePreview>>
  /** What was opened on the desk, at most 100 at once; a view that was sent before is kept once. */
  sendViews(views: readonly View[]): Promise<Result<null>>
  /** `detail` of a refusal ends with `upload/case-unknown`, `upload/type-refused` or `upload/too-large`. */
  beginUpload(file: FileToUpload): Promise<Result<BegunUpload>>
  /** How many bytes have arrived: where to go on after any failure. Refused when the upload was given up. */
  uploadedBytes(uploadId: string): Promise<Result<number>>
  /** Adds bytes (at most 1 MB is sensible) and answers how many there are then. */
  uploadChunk(uploadId: string, offsetBytes: number, bytes: Uint8Array<ArrayBuffer>): Promise<Result<number>>
  /** Gives up an upload, or deletes a file that is whole: its case goes on listing it as deleted. */
  endUpload(uploadId: string): Promise<Result<null>>
  attachment(attachmentId: string): Promise<Result<AttachedFile>>
  /** The better of two requests: the first may have had to open a connection. */
  probe(): Promise<Result<Probe>>
  /** Opens the event stream; the returned function closes it without further news. */
  events(listener: (news: EventStreamNews) => void): Cancel
}
