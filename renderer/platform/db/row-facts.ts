import { type KeyHash, keyHash, noKey } from './key-hash.ts'
import { statusCode, type Version } from './versions-of-records.ts'

/** What the directory keeps of a version beside its summary. */
export interface RowFacts {
  readonly id: KeyHash
  /** Of a case its resident, of a timeline entry its case, of a contact its resident. */
  readonly owner: KeyHash
  /** Of a resident the postcode, of a case the reference, of a timeline entry its contact, of a contact its case. */
  readonly second: KeyHash
  /** Of a timeline entry its resident, of a resident whom they were merged into. */
  readonly third: KeyHash
  /** When it last changed, was written or began; milliseconds since 1970. */
  readonly time: number
  readonly status: number
  readonly assignedTo: string | null
  readonly phones: readonly string[]
}

const nothing = {
  owner: noKey,
  second: noKey,
  third: noKey,
  time: 0,
  status: 0,
  assignedTo: null,
  phones: [],
} satisfies Omit<RowFacts, 'id'>

export function factsOf(version: Version): RowFacts {
  const id = keyHash(version.kind, version.id)
  if (!version.record) return { id, ...nothing }
  switch (version.kind) {
    case 'resident': {
      const { address, mergedInto, updatedAt, phones } = version.record
      return {
        ...nothing,
        id,
        // What is left of a merged record points to another, who has its numbers if they are still right.
        second: mergedInto === undefined ? keyHash('postcode', address.postcode) : noKey,
        third: keyHash('resident', mergedInto),
        time: Date.parse(updatedAt),
        phones: mergedInto === undefined ? phones : [],
      }
    }
    case 'case': {
      const { residentId, reference, updatedAt, status, assignedTo } = version.record
      return {
        ...nothing,
        id,
        owner: keyHash('resident', residentId),
        second: keyHash('reference', reference),
        time: Date.parse(updatedAt),
        status: statusCode(status),
        assignedTo,
      }
    }
    case 'timeline': {
      const { caseId, contactId, residentId, at } = version.record
      return {
        ...nothing,
        id,
        owner: keyHash('case', caseId),
        second: keyHash('contact', contactId),
        third: keyHash('resident', residentId),
        time: Date.parse(at),
      }
    }
    case 'contact': {
      const { residentId, caseId, startedAt } = version.record
      return {
        ...nothing,
        id,
        owner: keyHash('resident', residentId),
        second: keyHash('case', caseId),
        time: Date.parse(startedAt),
      }
    }
  }
}

/** E.164 has at most 15 digits, which a double holds exactly. */
export const phoneNumber = (e164: string): number => Number(e164.slice(1))
