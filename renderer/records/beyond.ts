import type { CaseRecord, Resident, SearchAnswer } from '#shared/contract/rest.ts'

/**
 * Records that a search at the council found and the cache does not hold, for as long as it is open. The cache's own
 * record of the same id, when it comes, goes before.
 */
export class BeyondRecords {
  readonly #residents = new Map<string, { readonly record: Resident; readonly asAt: number }>()
  readonly #cases = new Map<string, { readonly record: CaseRecord; readonly asAt: number }>()

  keep(answer: SearchAnswer, asAt: number): void {
    for (const record of answer.residents) this.#residents.set(record.id, { record, asAt })
    for (const record of answer.cases) this.#cases.set(record.id, { record, asAt })
  }

  resident(id: string): Resident | null {
    return this.#residents.get(id)?.record ?? null
  }

  caseRecord(id: string): CaseRecord | null {
    return this.#cases.get(id)?.record ?? null
  }

  casesOfResident(residentId: string): readonly CaseRecord[] {
    return [...this.#cases.values()].flatMap(({ record }) =>
      record.residentId === residentId ? [record] : [],
    )
  }

  /** When the council told of a resident, milliseconds since 1970. */
  residentAsAt(id: string): number | null {
    return this.#residents.get(id)?.asAt ?? null
  }
}
