import { Marker } from './marker.ts'
import type { QueryWord } from './query.ts'
import type { SearchSource } from './source.ts'

/** Of a search's words; a reading may need more, but these are not kept for the next search. */
const mostKept = 3

/**
 * Markers of words that were looked for last. Who types on asks for the words before again with every key, and the
 * readings of one text share most of their words: as long as the source stays as it is, they are marked once.
 */
export class MarkerPool {
  #version: unknown = null
  #overlayChanges = 0
  /** By word, the one that was used last at the end. */
  readonly #kept = new Map<string, Marker>()
  readonly #free: Marker[] = []

  /** Begins a search: what is kept of another version of the source is of no use. */
  begin({ version, overlay }: SearchSource): void {
    if (version !== this.#version || overlay.changes !== this.#overlayChanges) {
      this.#free.push(...this.#kept.values())
      this.#kept.clear()
    }
    this.#version = version
    this.#overlayChanges = overlay.changes
    for (const key of this.#kept.keys()) {
      if (this.#kept.size <= mostKept) break
      this.#free.push(this.#kept.get(key) as Marker)
      this.#kept.delete(key)
    }
    this.#free.length = Math.min(this.#free.length, mostKept - this.#kept.size)
  }

  known(word: QueryWord): Marker | undefined {
    for (const key of [keyOf(word, true), keyOf(word, false)]) {
      const marker = this.#kept.get(key)
      if (!marker) continue
      this.#kept.delete(key)
      this.#kept.set(key, marker)
      return marker
    }
    return undefined
  }

  /** One whose marks nobody needs any more. */
  take(): Marker {
    return this.#free.pop() ?? new Marker()
  }

  keep(word: QueryWord, isFoundAsTyped: boolean, marker: Marker): void {
    this.#kept.set(keyOf(word, isFoundAsTyped), marker)
  }
}

/** What is not found as typed is looked for otherwise while it is still being typed. */
function keyOf({ text, phone, isPhone, isLast }: QueryWord, isFoundAsTyped: boolean): string {
  const how = isFoundAsTyped ? 'typed' : isLast ? 'last' : 'whole'
  const pieces = phone.map(({ digits, atBeginning }) => `${atBeginning ? '^' : ''}${digits}`)
  return [how, isPhone, text, ...pieces].join(' ')
}
