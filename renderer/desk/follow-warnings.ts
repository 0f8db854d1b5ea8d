import type { ContactStore } from '#renderer/features/cases/index.ts'
import type { ResidentsStore } from '#renderer/features/residents/index.ts'
import type { RecordsStore } from './records-store.ts'

interface Followed {
  readonly records: RecordsStore
  readonly contact: ContactStore
  readonly residents: ResidentsStore
}

/** Warnings are at hand for everybody who may be ringing or is in hand, before the call is answered. */
export function followWarnings({ records, contact, residents }: Followed): void {
  let watched = ''
  const follow = () => {
    const { ringingCandidates, changes } = records.getState()
    const { candidates, draft } = contact.getState()
    const ids = new Set([...ringingCandidates, ...candidates].map(({ residentId }) => residentId))
    if (draft?.residentId) ids.add(draft.residentId)
    const wanted = `${changes} ${[...ids].join(' ')}`
    if (wanted === watched) return
    watched = wanted
    if (ids.size > 0) void residents.getState().watch([...ids])
  }
  records.subscribe(follow)
  contact.subscribe(follow)
}
