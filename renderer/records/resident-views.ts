import { aboutIds, type Outbox, type OutboxEntry } from '#shared/cases/outbox.ts'
import { type ResidentSummary, summaryOfResident } from '#shared/cases/record-reader.ts'
import { caseWithOperations, residentWithOperations } from '#shared/cases/replica.ts'
import type { ResidentView } from '#shared/contract/records.ts'
import type { CaseRecord, Operation, Resident } from '#shared/contract/rest.ts'
import { caseView, entriesAbout, type ViewSource } from './views.ts'

type Merge = Extract<Operation, { kind: 'resident.merge' | 'resident.unmerge' }>

const isMerge = (operation: Operation): operation is Merge =>
  operation.kind === 'resident.merge' || operation.kind === 'resident.unmerge'

/** Words that were refused are still shown; that two people are one, which the council denies, is not. */
export function withoutRefusedMerges(outbox: Outbox): Outbox {
  const isRefusedMerge = ({ operation, state }: OutboxEntry) => state.name === 'refused' && isMerge(operation)
  return outbox.some(isRefusedMerge) ? outbox.filter((entry) => !isRefusedMerge(entry)) : outbox
}

async function confirmedResident(source: ViewSource, id: string): Promise<Resident | null> {
  return (await source.records.resident(id)) ?? source.beyond.resident(id)
}

/** What was saved here about a resident; undoing a merge names neither of its two records. */
function entriesAboutResident(source: ViewSource, id: string): readonly OutboxEntry[] {
  return source.outbox.filter(
    ({ operation }) => operation.kind === 'resident.unmerge' || aboutIds(operation).includes(id),
  )
}

/** The record as confirmed plus what was saved here since; null when this desk does not know it. */
export async function residentAsShown(source: ViewSource, id: string): Promise<Resident | null> {
  const base = await confirmedResident(source, id)
  const entries = entriesAboutResident(source, id)
  if (entries.length === 0) return base
  const merges = entries.flatMap(({ operation }) => (isMerge(operation) ? [operation] : []))
  const others = new Set(
    merges.flatMap((merge) =>
      merge.kind === 'resident.merge'
        ? [merge.keptId, merge.goneId]
        : [base?.mergedInto, ...(base?.mergedFrom ?? []).map(({ residentId }) => residentId)],
    ),
  )
  const found = await Promise.all(
    [...others].flatMap((other) =>
      other === undefined || other === id ? [] : [confirmedResident(source, other)],
    ),
  )
  const byId = new Map(found.flatMap((record) => (record ? [[record.id, record] as const] : [])))
  const by = source.adviserName ?? ''
  return residentWithOperations(id, base, entries, by, (other) => byId.get(other) ?? null)
}

const mostMerges = 10

/** The record that stands for a resident now: a merge leaves a pointer where a record was. */
export async function standingRecord(source: ViewSource, residentId: string): Promise<Resident | null> {
  let record = await residentAsShown(source, residentId)
  for (let merges = 0; record?.mergedInto !== undefined && merges < mostMerges; merges++) {
    record = await residentAsShown(source, record.mergedInto)
  }
  return record
}

/** Of residents merged into this one here and not yet at the service, whose cases still lie where they were. */
function mergedHere(source: ViewSource, residentId: string): readonly string[] {
  return source.outbox.flatMap(({ operation }) =>
    operation.kind === 'resident.merge' && operation.keptId === residentId ? [operation.goneId] : [],
  )
}

type KnownCase = Pick<CaseRecord, 'id' | 'status'> & { readonly updatedAt: number }

const known = ({ id, status, updatedAt }: CaseRecord): KnownCase => ({
  id,
  status,
  updatedAt: Date.parse(updatedAt),
})

/** Cases made or given to a resident here and not confirmed are found through the outbox. */
export async function casesOfResident(source: ViewSource, residentId: string): Promise<readonly KnownCase[]> {
  const owners = [residentId, ...mergedHere(source, residentId)]
  const changed = new Set(
    source.outbox.flatMap(({ operation }) =>
      operation.kind === 'case.create' || operation.kind === 'case.change' ? [operation.caseId] : [],
    ),
  )
  const confirmed: KnownCase[] = []
  for (const owner of owners) confirmed.push(...(await source.records.casesOfResident(owner)))
  const held = new Set(confirmed.map(({ id }) => id))
  const beyond = owners.flatMap((owner) => source.beyond.casesOfResident(owner)).map(known)
  const mine = await Promise.all(
    [...changed].map(async (id) => {
      const base = (await source.records.caseRecord(id)) ?? source.beyond.caseRecord(id)
      return caseWithOperations(id, base, entriesAbout(source.outbox, id))
    }),
  )
  return [
    ...[...confirmed, ...beyond.filter(({ id }) => !held.has(id))].filter(({ id }) => !changed.has(id)),
    ...mine.flatMap((record) =>
      record?.residentId && owners.includes(record.residentId) ? [known(record)] : [],
    ),
  ]
}

export async function residentView(source: ViewSource, residentId: string): Promise<ResidentView | null> {
  const resident = await standingRecord(source, residentId)
  if (!resident) return null
  const found = await casesOfResident(source, resident.id)
  const cases = await Promise.all(found.map(({ id }) => caseView(source, id)))
  const isHeld = (await source.records.resident(resident.id)) !== null
  return {
    resident,
    cases: cases
      .filter((each) => each !== null)
      .sort((a, b) => Date.parse(b.record.updatedAt) - Date.parse(a.record.updatedAt)),
    asAt: isHeld ? source.asAt : source.beyond.residentAsAt(resident.id),
  }
}

/** Residents about whom something was saved here, as they are shown, without those merged away. */
export async function residentsInWork(
  source: ViewSource,
): Promise<{ readonly shown: readonly Resident[]; readonly changedIds: ReadonlySet<string> }> {
  const changedIds = new Set(
    source.outbox.flatMap(({ operation }) => {
      if (operation.kind === 'resident.merge') return [operation.keptId, operation.goneId]
      const isOfResident = operation.kind.startsWith('resident.') || operation.kind.startsWith('warning.')
      return isOfResident && 'residentId' in operation ? [operation.residentId] : []
    }),
  )
  const records = await Promise.all([...changedIds].map((id) => residentAsShown(source, id)))
  const shown = records.flatMap((record) => (record && record.mergedInto === undefined ? [record] : []))
  return { shown, changedIds }
}

/** What the store found, with what was saved here since; `belongs` says whether a changed one is still meant. */
export async function withResidentsInWork(
  source: ViewSource,
  found: readonly ResidentSummary[],
  belongs: (resident: Resident) => boolean,
): Promise<readonly ResidentSummary[]> {
  const { shown, changedIds } = await residentsInWork(source)
  return [
    ...found.filter(({ id }) => !changedIds.has(id)),
    ...shown.filter(belongs).map((record) => summaryOfResident(record)),
  ]
}
