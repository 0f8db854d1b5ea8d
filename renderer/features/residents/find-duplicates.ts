import type { Candidate, RecordsApi } from '#shared/contract/records.ts'
import type { DuplicateReason, Resident } from '#shared/contract/rest.ts'
import type { Duplicate } from './residents-store.ts'

type Described = Pick<Resident, 'givenName' | 'familyName' | 'phones' | 'address'>

const mostShown = 8

/** Who in this desk's records may be the person described: those with most reasons first. */
export async function findDuplicates(
  { givenName, familyName, phones, address }: Described,
  records: Pick<RecordsApi, 'candidatesForNumber' | 'findResidents'>,
): Promise<readonly Duplicate[]> {
  const named = givenName !== '' && familyName !== ''
  const asked: readonly (readonly [DuplicateReason, Promise<readonly Candidate[]>])[] = [
    ...phones.map((phone) => ['same-number', records.candidatesForNumber(phone)] as const),
    ...(named && address.postcode !== ''
      ? [['same-name-and-postcode', records.findResidents(`${familyName} ${address.postcode}`)] as const]
      : []),
    ...(named && address.line1 !== ''
      ? [['same-property-and-similar-name', records.findResidents(`${familyName} ${address.line1}`)] as const]
      : []),
  ]
  const found = new Map<string, { readonly candidate: Candidate; readonly reasons: Set<DuplicateReason> }>()
  for (const [reason, answer] of asked) {
    for (const candidate of await answer) {
      const known = found.get(candidate.residentId) ?? { candidate, reasons: new Set<DuplicateReason>() }
      found.set(candidate.residentId, known)
      known.reasons.add(reason)
    }
  }
  return [...found.values()]
    .map(({ candidate, reasons }) => ({ candidate, reasons: [...reasons] }))
    .toSorted((a, b) => b.reasons.length - a.reasons.length)
    .slice(0, mostShown)
}
