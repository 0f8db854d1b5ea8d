import { fullName } from '#shared/cases/record-reader.ts'
import type { RecordsApi } from '#shared/contract/records.ts'
import type { DuplicateReason, DuplicatesRequest } from '#shared/contract/rest.ts'
import { isKnownProperty, type NewResident } from './resident-form.ts'

/** Somebody who may be the same person, and why. */
export interface Duplicate {
  readonly residentId: string
  readonly name: string
  /** First line and town. */
  readonly address: string
  /** Very likely the same person. */
  readonly likely: boolean
  readonly reasons: readonly DuplicateReason[]
}

/** From here on two records are very likely of one person. */
const likelyScore = 0.8

/** Whom the council knows who may be the person described; nobody while it cannot be asked. */
export async function likelyDuplicates(
  records: Pick<RecordsApi, 'duplicates'>,
  described: NewResident,
  exceptId?: string,
): Promise<readonly Duplicate[]> {
  const answer = await records.duplicates(requestOf(described, exceptId))
  if (!answer.ok) return []
  return answer.value.map(({ resident, score, reasons }) => ({
    residentId: resident.id,
    name: fullName(resident),
    address: `${resident.address.line1}, ${resident.address.town}`,
    likely: score >= likelyScore,
    reasons,
  }))
}

/** A property whose number nobody knows is like no other. */
function requestOf({ address, ...described }: NewResident, exceptId?: string): DuplicatesRequest {
  const { givenName, familyName, phones, email, dateOfBirth } = described
  const { uprn, ...known } = address
  return {
    givenName,
    familyName,
    phones,
    ...(email === undefined ? {} : { email }),
    ...(dateOfBirth === undefined ? {} : { dateOfBirth }),
    address: isKnownProperty(uprn) ? address : known,
    ...(exceptId === undefined ? {} : { exceptId }),
  }
}
