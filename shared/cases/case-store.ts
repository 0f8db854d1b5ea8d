import type { View } from '../contract/audit.ts'
import type { Draft } from '../contract/draft.ts'
import type { Callback, CallHistory, Change, Me, ScriptEntry } from '../contract/rest.ts'
import { versions } from '../contract/versions.ts'
import type { Result } from '../kernel/result.ts'
import type { TaggedDirectory, TaggedSignposts } from './council-api.ts'
import type { OutboxEntry } from './outbox.ts'
import type { RecordReader } from './record-reader.ts'
import type { KnownUse } from './script-use.ts'

/** What is known about the cache as a whole. Times in milliseconds since 1970. */
export interface CacheMeta {
  /** Where to go on reading the change feed; null before the first page. */
  readonly cursor: string | null
  /** When the feed was last read to its end. */
  readonly asAt: number | null
  readonly me: { readonly me: Me; readonly asAt: number } | null
  /** The feed is being read from its beginning over an older cache: what it has not told by its end is gone. */
  readonly rereading: boolean
  /**
   * Version of the REST contract by which the feed was read up to the cursor; absent before version 2. A newer desk
   * reads the feed again: the older one passed over the kinds of records that it did not know.
   */
  readonly contract?: number
}

export const emptyMeta: CacheMeta = {
  cursor: null,
  asAt: null,
  me: null,
  rereading: false,
  contract: versions.rest,
}

/** Answers of the service that are not in the feed, kept for when it cannot be reached. */
export interface KeptAnswers {
  readonly directory: TaggedDirectory | null
  readonly callHistory: (CallHistory & { readonly asAt: number }) | null
  readonly scriptUse: KnownUse | null
  readonly signposts: TaggedSignposts | null
  /** What was opened here and the council does not know yet, oldest first. */
  readonly unsentViews: readonly View[]
}

export const noAnswers: KeptAnswers = {
  directory: null,
  callHistory: null,
  scriptUse: null,
  signposts: null,
  unsentViews: [],
}

/** A version of a script: documents of several are kept, because a running call stays on the one it began. */
export const scriptKey = (scriptId: string, version: number): string => `${scriptId}@${version}`

/** One published script version; `document` is plain JSON. */
export interface ScriptDocument {
  readonly scriptId: string
  readonly version: number
  readonly document: unknown
  readonly fetchedAt: number
}

/** What is small enough to be held in memory whole; residents, cases, timeline and contacts are read through `records`. */
export interface CacheContents {
  readonly scripts: readonly ScriptEntry[]
  readonly callbacks: readonly Callback[]
  readonly documents: readonly ScriptDocument[]
  readonly outbox: readonly OutboxEntry[]
  readonly drafts: readonly Draft[]
  readonly meta: CacheMeta
  readonly answers: KeptAnswers
  /**
   * `opened`: everything is as it was left. `created`: there was nothing. `rebuilt`: something could not be read
   * (decrypted, or from a newer version); what could not be read is gone from the store, everything else is here.
   */
  readonly how: 'opened' | 'created' | 'rebuilt'
}

/**
 * An adviser's cache on this desk, encrypted at rest. One object, one owner.
 *
 * A store
 * - MUST keep `save`, `changeOutbox` and drafts through a crash of everything once the promise is fulfilled;
 * - MUST apply each call whole or not at all, and calls of the same object in the order they were made; but outbox and
 *   drafts do not wait for the feed, nor the feed for them;
 * - MUST keep the cursor of `applyChanges` with its changes: never one without the other;
 * - MAY lose the latest `applyChanges`, `putMeta`, `putDocument` and `putAnswers` in a power cut, never earlier ones alone;
 * - MUST show through `records` what `applyChanges` and `startReading` were given even if it could not be written, and
 *   write it with the next;
 * - MUST NOT keep anything personal, or the key, where it can be read without the key;
 * - MUST answer `cases/store-lost` when the database went away under it; `open` then makes it usable again;
 * - MUST answer `cases/store-failed` for every other failure, having changed nothing on the disk;
 * - MUST NOT evict or drop unsent work to make room.
 */
export interface CaseStore {
  /** Confirmed records; empty before `open` and after `close`. */
  readonly records: RecordReader
  /** Opens, creates or rebuilds. May be called again after `cases/store-lost`. */
  open(): Promise<Result<CacheContents>>
  /** Keeps new operations. An operation is record change and outbox entry in one: views replay it. */
  save(entries: readonly OutboxEntry[]): Promise<Result<null>>
  /** Replaces and removes (by operation id) entries in one transaction. */
  changeOutbox(put: readonly OutboxEntry[], removeIds: readonly string[]): Promise<Result<null>>
  putDraft(draft: Draft): Promise<Result<null>>
  deleteDraft(contactId: string): Promise<Result<null>>
  /**
   * Applies a page of the change feed. Later changes of the same record win; deleting what is not there is fine. With
   * `meta.rereading` the page is one of a reading from the beginning: at its first page, which is the first after
   * `startReading`, all that is here is `of before`, and at the last one, which comes without `rereading`, what is of
   * before and was not told again is gone. Answers the ids of what a page may be showing of all that.
   */
  applyChanges(changes: readonly Change[], meta: CacheMeta): Promise<Result<readonly string[]>>
  /** Begins a reading of the feed from its beginning over what is here; outlives a restart as `meta.rereading`. */
  startReading(meta: CacheMeta): Promise<Result<null>>
  putMeta(meta: CacheMeta): Promise<Result<null>>
  putDocument(document: ScriptDocument): Promise<Result<null>>
  putAnswers(answers: KeptAnswers): Promise<Result<null>>
  /** Forgets confirmed records, documents, answers and the cursor; outbox, drafts and `meta.me` stay. */
  forgetRecords(): Promise<Result<null>>
  /** Forgets closed and resolved cases, with their timeline and contacts, not changed since then (milliseconds since 1970). */
  evict(notChangedSince: number): Promise<Result<null>>
  /** Bytes that the browser keeps for this origin, and how many more it would take. */
  room(): Promise<{ readonly usedBytes: number; readonly freeBytes: number }>
  /** Deletes the database. The store is closed afterwards. */
  wipe(): Promise<void>
  /** Closes the database and forgets the keys. */
  close(): Promise<void>
}
