import { randomUUID } from 'node:crypto'
import type { Change, Operation, Resident } from '#shared/contract/rest.ts'
import { seededAt } from './places.ts'
import type { Desk } from './running-council.ts'

/* Residents as tests make, change and merge them. */

const at = new Date(seededAt).toISOString()

type OperationOf<K extends Operation['kind']> = Extract<Operation, { kind: K }>
type NewResident = OperationOf<'resident.create'>['record']

export const newResident = (over: Partial<NewResident> = {}): NewResident => ({
  givenName: 'Bela',
  familyName: 'Quayle',
  phones: ['+441632960700'],
  address: { uprn: '100000700', line1: '7 Quay Street', town: 'Wexcombe', postcode: 'WX7 1QQ' },
  language: 'en',
  ...over,
})

export const createResident = (residentId: string, over: Partial<NewResident> = {}) => ({
  id: randomUUID(),
  at,
  kind: 'resident.create' as const,
  residentId,
  record: newResident(over),
})

export const changeResident = (
  residentId: string,
  baseVersion: number,
  change: OperationOf<'resident.change'>['change'],
) => ({ id: randomUUID(), at, kind: 'resident.change' as const, residentId, baseVersion, change })

export const mergeResidents = (
  keptId: string,
  goneId: string,
  over: Partial<OperationOf<'resident.merge'>> = {},
) => ({
  id: randomUUID(),
  at,
  kind: 'resident.merge' as const,
  mergeId: randomUUID() as string,
  keptId,
  goneId,
  baseVersions: { kept: 1, gone: 1 },
  take: [],
  ...over,
})

export const unmergeResidents = (mergeId: string) => ({
  id: randomUUID(),
  at,
  kind: 'resident.unmerge' as const,
  mergeId,
})

export const saveWarning = (
  residentId: string,
  warning: Partial<OperationOf<'warning.save'>['warning']> = {},
) => ({
  id: randomUUID(),
  at,
  kind: 'warning.save' as const,
  residentId,
  warning: {
    id: randomUUID() as string,
    kind: 'two-person-visit',
    reason: 'A dog that bites; agreed with the resident.',
    owner: 'Housing',
    reviewBy: '2027-05-01',
    expiresAt: null,
    ...warning,
  },
})

export const removeWarning = (residentId: string, warningId: string) => ({
  id: randomUUID(),
  at,
  kind: 'warning.remove' as const,
  residentId,
  warningId,
  reason: 'The dog has moved out.',
})

/** Records told by a feed, newest of each, by `kind id`. */
export async function told(desk: Desk, cursor: string | undefined): Promise<ReadonlyMap<string, Change>> {
  const { changes } = await desk.pull(cursor)
  return new Map(changes.map((change) => [`${change.kind} ${change.id}`, change]))
}

export async function residentOf(desk: Desk, cursor: string | undefined, id: string): Promise<Resident> {
  const change = (await told(desk, cursor)).get(`resident ${id}`)
  if (change?.kind !== 'resident' || !('record' in change)) throw new Error('the feed does not tell of them')
  return change.record
}
