import type { RowFacts } from './row-facts.ts'
import { type LargeKind, type LargeRecord, largeKinds, type Version } from './versions-of-records.ts'

/** A version that lies in no chunk yet. */
export interface OverlayEntry {
  readonly version: Version
  readonly facts: RowFacts
  /** The reading of the feed that told it. */
  readonly epoch: number
  /** Place among the overlay's rows; -1 for a record that was deleted. */
  readonly place: number
  /** Later ones have higher numbers. */
  readonly order: number
}

/** The newest versions of what changed since the chunks were made, in the order in which they came. */
export class Overlay {
  readonly #byId: Readonly<Record<LargeKind, Map<string, OverlayEntry>>> = {
    resident: new Map(),
    case: new Map(),
    timeline: new Map(),
    contact: new Map(),
  }
  readonly #byPlace: (OverlayEntry | undefined)[] = []
  readonly #free: number[] = []
  #order = 0

  get size(): number {
    return largeKinds.reduce((sum, kind) => sum + this.#byId[kind].size, 0)
  }

  /** Places given out are below it. */
  get places(): number {
    return this.#byPlace.length
  }

  get(kind: LargeKind, id: string): OverlayEntry | undefined {
    return this.#byId[kind].get(id)
  }

  /** Whether it is still the newest. */
  has(entry: OverlayEntry): boolean {
    return this.get(entry.version.kind, entry.version.id) === entry
  }

  at(place: number): OverlayEntry | undefined {
    return this.#byPlace[place]
  }

  entries(): readonly OverlayEntry[] {
    return largeKinds.flatMap((kind) => [...this.#byId[kind].values()]).sort((a, b) => a.order - b.order)
  }

  /** The version may not be here yet: what it takes the place of is removed before. */
  put(version: Version, facts: RowFacts, epoch: number): OverlayEntry {
    const place = version.record ? (this.#free.pop() ?? this.#byPlace.length) : -1
    this.#order += 1
    const entry = { version, facts, epoch, place, order: this.#order }
    if (place >= 0) this.#byPlace[place] = entry
    this.#byId[version.kind].set(version.id, entry)
    return entry
  }

  remove(entry: OverlayEntry): void {
    this.#byId[entry.version.kind].delete(entry.version.id)
    if (entry.place < 0) return
    this.#byPlace[entry.place] = undefined
    this.#free.push(entry.place)
  }

  clear(): void {
    for (const kind of largeKinds) this.#byId[kind].clear()
    this.#byPlace.length = 0
    this.#free.length = 0
  }

  /** Records of a kind for which `wanted` holds. */
  records<T extends LargeRecord>(kind: LargeKind, wanted: (record: T) => boolean): readonly T[] {
    const found: T[] = []
    for (const { version } of this.#byId[kind].values()) {
      if (!version.record) continue
      const record = version.record as T
      if (wanted(record)) found.push(record)
    }
    return found
  }
}
