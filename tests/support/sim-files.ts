/** What pictures are cut out of: no two parts of it are the same. */
const film = Uint8Array.from({ length: 1_200_000 }, (_, index) => (index * 2_654_435_761) >>> 24)

interface SimFile {
  readonly caseId: string
  readonly bytes: Uint8Array
}

/** The files that one adviser has added to cases, by name, each name once. */
export class SimFiles {
  readonly made = new Map<string, SimFile>()
  /** Files that were answered as kept, by name, with their cases. */
  readonly kept = new Map<string, string>()
  /** Asked to be taken back, by name; of some nobody heard the answer. */
  readonly takenBack = new Set<string>()
  /** Taken back for sure. */
  readonly gone = new Set<string>()

  make(adviserId: string, caseId: string, sizeBytes: number) {
    const name = `${adviserId} picture ${this.made.size + 1}.jpg`
    const from = this.made.size
    const bytes = film.slice(from, from + sizeBytes)
    this.made.set(name, { caseId, bytes })
    return { name, type: 'image/jpeg', bytes: bytes.buffer }
  }
}
