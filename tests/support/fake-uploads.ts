interface Upload {
  readonly id: string
  readonly adviserId: string
  readonly caseId: string
  readonly name: string
  readonly sizeBytes: number
  readonly parts: Uint8Array[]
  arrivedBytes: number
}

/** What is known of cases. */
interface CasesOfCouncil {
  readonly cases: ReadonlyMap<string, unknown>
  isInScope(adviserId: string, caseId: string): boolean
}

/** A file that a case lists. */
export interface KeptFile {
  readonly caseId: string
  readonly name: string
  readonly bytes: Uint8Array
}

/** The files of a council in memory, by the rules of tus 1.0.0 as the REST contract has them. */
export class FakeUploads {
  readonly kept: KeptFile[] = []
  readonly #council: CasesOfCouncil
  readonly #uploads = new Map<string, Upload>()
  #begun = 0

  constructor(council: CasesOfCouncil) {
    this.#council = council
  }

  /** Null when the adviser has no such case. */
  begin(adviserId: string, wanted: Pick<Upload, 'caseId' | 'name' | 'sizeBytes'>): string | null {
    const { caseId } = wanted
    if (!this.#council.cases.has(caseId) || !this.#council.isInScope(adviserId, caseId)) return null
    this.#begun += 1
    const id = `upload-${this.#begun}`
    this.#uploads.set(id, { ...wanted, id, adviserId, parts: [], arrivedBytes: 0 })
    return id
  }

  /** How much of it is there; null when nothing is known of it. */
  arrivedBytes(adviserId: string, id: string): number | null {
    return this.#own(adviserId, id)?.arrivedBytes ?? null
  }

  /** With the last bytes the case lists the file; null when they do not follow what is there. */
  append(adviserId: string, id: string, offset: number, bytes: Uint8Array): number | null {
    const upload = this.#own(adviserId, id)
    if (!upload || offset !== upload.arrivedBytes || offset === upload.sizeBytes) return null
    upload.parts.push(bytes)
    upload.arrivedBytes += bytes.length
    if (upload.arrivedBytes === upload.sizeBytes) {
      this.kept.push({ caseId: upload.caseId, name: upload.name, bytes: Buffer.concat(upload.parts) })
    }
    return upload.arrivedBytes
  }

  /** False when nothing is known of it. */
  end(adviserId: string, id: string): boolean {
    const upload = this.#own(adviserId, id)
    if (!upload) return false
    this.#uploads.delete(id)
    if (upload.arrivedBytes === upload.sizeBytes) {
      const at = this.kept.findIndex(({ name }) => name === upload.name)
      if (at >= 0) this.kept.splice(at, 1)
    }
    return true
  }

  #own(adviserId: string, id: string): Upload | undefined {
    const upload = this.#uploads.get(id)
    return upload?.adviserId === adviserId ? upload : undefined
  }
}
