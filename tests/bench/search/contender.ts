/** A search engine over the same records. */
export interface Contender {
  readonly name: string
  readonly buildMs: number
  /** From its stored bytes; null when it was not measured. */
  readonly openMs: number | null
  /** Of the index as it is stored. */
  readonly bytes: number
  /** Ids of residents and cases, likeliest first, at most 20. */
  search(text: string): readonly string[]
}
