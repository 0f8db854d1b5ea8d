import { Candidates, type SearchOptions } from './candidates.ts'
import { Explainer, type Marker, roomFor } from './marker.ts'
import { MarkerPool } from './marker-pool.ts'
import { asTyped, tolerant, typoInBeginning } from './points.ts'
import { type QueryWord, type Reading, readQuery } from './query.ts'
import { SegmentMatcher } from './segment-match.ts'
import type { SearchHits, SearchSource } from './source.ts'
import { TopHits } from './top-hits.ts'

/** Searches one source after another, or one that changes, in memory that is used again: five bytes per row and word. */
export interface Searcher {
  /**
   * Residents and cases in which every word of the text is found, or is begun, sounds like a name, or is one slip away
   * from a word. A case counts its notes and its resident's fields as its own, as long as one word is really its own.
   */
  search(source: SearchSource, text: string, options: SearchOptions): SearchHits
}

export function createSearcher(): Searcher {
  return new ScratchSearcher()
}

class ScratchSearcher implements Searcher {
  readonly #matcher = new SegmentMatcher()
  readonly #explainer = new Explainer()
  readonly #markers = new MarkerPool()
  /** Rows that were counted, by one reading or another. */
  #seen = new Uint8Array(0)

  search(source: SearchSource, text: string, options: SearchOptions): SearchHits {
    if (this.#seen.length < source.rowCount) this.#seen = new Uint8Array(roomFor(source))
    else this.#seen.fill(0)
    this.#markers.begin(source)
    const top = new TopHits(options.limit)
    let total = 0
    for (const reading of readQuery(text)) total += this.#read(source, reading, options, top)
    return { hits: top.hits(), total }
  }

  /** Answers how many rows this reading adds. */
  #read(source: SearchSource, reading: Reading, options: SearchOptions, top: TopHits): number {
    const markers = this.#markAll(source, reading)
    const rarest = markers?.reduce((a, b) => (b.count < a.count ? b : a))
    if (!markers || !rarest) return 0
    const candidates = new Candidates(source, markers, options, this.#seen, top)
    if (markers.length === 1) candidates.considerAll()
    else candidates.considerRarest(rarest.marked)
    top.explain((row) => candidates.explain(row, this.#explainer))
    return candidates.total
  }

  /** A marker for each word; null when one of them is found nowhere. Long words are likelier to be, and cost less. */
  #markAll(source: SearchSource, reading: Reading): readonly Marker[] | null {
    const longestFirst = [...reading.entries()].sort(([, a], [, b]) => b.bytes.length - a.bytes.length)
    const markers: Marker[] = []
    for (const [index, word] of longestFirst) {
      const marker = this.#markers.known(word) ?? this.#mark(source, word)
      if (marker.count === 0) return null
      markers[index] = marker
    }
    return markers
  }

  #mark(source: SearchSource, word: QueryWord): Marker {
    const marker = this.#markers.take()
    marker.begin(source)
    const match = (ways: number) => {
      this.#matcher.match(source, word, ways, marker)
      source.overlay.match(word, ways, marker)
    }
    match(asTyped)
    const isFoundAsTyped = marker.count > 0
    match(tolerant)
    // What begins no word so far may be a word that is half typed with a slip in it.
    if (!isFoundAsTyped && word.isLast) match(1 << typoInBeginning)
    this.#markers.keep(word, isFoundAsTyped, marker)
    return marker
  }
}
