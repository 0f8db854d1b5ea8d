import type { CaseRecord, CaseStatus, Resident } from '#shared/contract/rest.ts'

/** A store of cases and residents: what is measured of it. All of it runs in a worker. */
export interface CacheContender {
  /** Opens what is on the disk, or makes it. */
  open(): Promise<void>
  /** Takes the next page of the first sync. `isLast` says that all that came must be on the disk and found now. */
  load(residents: readonly Resident[], cases: readonly CaseRecord[], isLast: boolean): Promise<void>
  /** The newest case, whole, of the resident with this number. */
  popByPhone(e164: string): Promise<CaseRecord | null>
  /** What a list shows of the cases that changed last. */
  newestOf(status: CaseStatus, limit: number): Promise<number>
  change(record: CaseRecord): Promise<void>
  /** Said beside its name: how it really works here. */
  facts?(): Promise<string>
  /** Ours alone. */
  search?(text: string): Promise<number>
  /** Ours alone: all that idle time would do. */
  tidy?(): Promise<void>
  /** Ours alone: lets resolved and closed cases go, as is done once a day. */
  evict?(notChangedSince: number): Promise<void>
}
