import type { Candidate, ResidentView } from '#shared/contract/records.ts'
import type { ContactState } from './contact-state.ts'
import type { ContactWork } from './contact-work.ts'

/** Whom the contact is about, and how it is spoken. */
export function peopleActions(work: ContactWork): Pick<ContactState, 'chooseResident' | 'setLanguage'> {
  const { ports, get, set, change } = work
  return {
    async chooseResident(residentId) {
      const contactId = get().draft?.contactId
      const resident = residentId === null ? null : await ports.records.residentView(residentId)
      if (get().draft?.contactId !== contactId) return
      const candidates = get().candidates
      set({ resident, candidates: withChosen(candidates, resident) })
      change({ residentId, identity: null })
    },

    setLanguage: (language) => change({ language }),
  }
}

/** Somebody found by search joins the list, so that the choice stays visible. */
function withChosen(candidates: readonly Candidate[], view: ResidentView | null): readonly Candidate[] {
  if (view === null || candidates.some((each) => each.residentId === view.resident.id)) return candidates
  const { resident } = view
  return [
    {
      residentId: resident.id,
      name: `${resident.givenName} ${resident.familyName}`,
      address: `${resident.address.line1}, ${resident.address.town}`,
      matchedBy: 'name',
      openCases: 0,
      language: resident.language,
    },
    ...candidates,
  ]
}
