import { Marker } from './marker.ts'
import type { QueryWord } from './query.ts'
import type { SearchSource } from './source.ts'

/** So many there are, unless one search needs more. */
const mostMarkers = 3

interface Kept {
  readonly marker: Marker
  /** The last search that used it. */
  search: number
}

/**
 * Markers of words that were looked for last. Who types on asks for the words before again with every key, and the
 * readings of one text share most of their words: as long as the source stays as it is, they are marked once.
 */
export class MarkerPool {
  #version: unknown = null
  #overlayChanges = 0
  #search = 0
  /** By word, the one that was used last at the end. */
  readonly #kept = new Map<string, Kept>()
  readonly #free: Marker[] = []

  /** Begins a search: what is kept of another version of the source is of no use. */
  begin({ version, overlay }: SearchSource): void {
    this.#search += 1
    if (version === this.#version && overlay.changes === this.#overlayChanges) return
    this.#version = version
    this.#overlayChanges = overlay.changes
    for (const { marker } of this.#kept.values()) if (this.#free.length < mostMarkers) this.#free.push(marker)
    this.#kept.clear()
  }

  known(word: QueryWord): Marker | undefined {
    for (const key of [keyOf(word, true), keyOf(word, false)]) {
      const known = this.#kept.get(key)
      if (!known) continue
      this.#kept.delete(key)
      this.#kept.set(key, known)
      known.search = this.#search
      return known.marker
    }
    return undefined
  }

  /** One whose marks nobody needs any more. */
  take(): Marker {
    const free = this.#free.pop()
    if (free) return free
    let taken: Marker | undefined
    for (const [key, { marker, search }] of this.#kept) {
      if (this.#kept.size < mostMarkers || search === this.#search) break
      this.#kept.delete(key)
      taken = marker
    }
    return taken ?? new Marker()
  }

  keep(word: QueryWord, isFoundAsTyped: boolean, marker: Marker): void {
    this.#kept.set(keyOf(word, isFoundAsTyped), { marker, search: this.#search })
  }
}

/** What is not found as typed is looked for otherwise while it is still being typed. */
function keyOf({ text, phone, isPhone, isLast }: QueryWord, isFoundAsTyped: boolean): string {
  const how = isFoundAsTyped ? 'typed' : isLast ? 'last' : 'whole'
  const pieces = phone.map(({ digits, atBeginning }) => `${atBeginning ? '^' : ''}${digits}`)
  return [how, isPhone, text, ...pieces].join(' ')
}
