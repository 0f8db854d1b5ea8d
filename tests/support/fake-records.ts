import type { Records } from '#renderer/features/cases/contact-state.ts'
import type { Draft } from '#shared/contract/draft.ts'
import type { CaseWithTimeline, ResidentView } from '#shared/contract/records.ts'
import type { HandOver, Operation, TimelineEntry } from '#shared/contract/rest.ts'
import { type AppError, appError } from '#shared/kernel/app-error.ts'
import { err, ok } from '#shared/kernel/result.ts'

export interface FakeRecords extends Records {
  readonly saved: Operation[]
  readonly keptDrafts: Map<string, Draft>
  /** What the next saves answer with instead of saving. */
  refuseSaves(error: AppError | null): void
}

export interface FakeRecordsContent {
  readonly scripts: Readonly<Record<string, unknown>>
  readonly residents?: readonly ResidentView[]
  readonly handOvers?: readonly HandOver[]
}

/** The records worker as a page sees it, in memory: saves are applied at once and nothing is sent anywhere. */
export function createFakeRecords(content: FakeRecordsContent): FakeRecords {
  const { scripts, residents = [], handOvers = [] } = content
  const saved: Operation[] = []
  const keptDrafts = new Map<string, Draft>()
  const cases = new Map<string, CaseWithTimeline>()
  const entries: TimelineEntry[] = []
  let refusal: AppError | null = null

  const apply = (operation: Operation) => {
    if (operation.kind === 'timeline.append') {
      entries.push({ ...operation.entry, id: operation.entryId, by: 'Sam Rees' })
    } else if (operation.kind === 'case.create') {
      const record = {
        ...operation.record,
        id: operation.caseId,
        version: 1,
        updatedAt: operation.at,
        reference: null,
      }
      cases.set(operation.caseId, { record, timeline: [], pending: true })
    } else if (operation.kind === 'case.change') {
      const found = cases.get(operation.caseId)
      if (found === undefined) throw new Error('a case was changed that was never made')
      const { fields, ...rest } = operation.change
      const defined = Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined))
      const record = { ...found.record, ...defined, fields: { ...found.record.fields, ...fields } }
      cases.set(operation.caseId, { ...found, record })
    }
  }

  return {
    saved,
    keptDrafts,
    refuseSaves: (error) => {
      refusal = error
    },
    candidatesForNumber: async () =>
      residents.map(({ resident }) => ({
        residentId: resident.id,
        name: `${resident.givenName} ${resident.familyName}`,
        address: resident.address.line1,
        matchedBy: 'number' as const,
        openCases: 0,
        language: resident.language,
      })),
    findResidents: async () => [],
    residentView: async (id) => residents.find(({ resident }) => resident.id === id) ?? null,
    caseView: async (id) => cases.get(id) ?? null,
    contactTimeline: async (contactId) => entries.filter((entry) => entry.contactId === contactId),
    script: async (id) => {
      const document = scripts[id]
      if (document === undefined) return err(appError('cases/script-unavailable', 'later'))
      return ok({ document, version: 1, asAt: 0, confirmedAt: 0, withdrawn: null, insteadOf: null })
    },
    save: async (operations) => {
      if (refusal !== null) return err(refusal)
      for (const operation of operations) apply(operation)
      saved.push(...operations)
      return ok({ savedAt: 1_000 })
    },
    putDraft: async (draft) => {
      keptDrafts.set(draft.contactId, structuredClone(draft))
    },
    draft: async (contactId) => keptDrafts.get(contactId) ?? null,
    drafts: async () => [...keptDrafts.values()],
    deleteDraft: async (contactId) => {
      keptDrafts.delete(contactId)
    },
    handOver: async (contactId) => {
      const found = handOvers.find((each) => each.contactId === contactId)
      return found === undefined ? err(appError('cases/request-refused', 'never', '404')) : ok(found)
    },
    syncNow: async () => {},
  }
}
