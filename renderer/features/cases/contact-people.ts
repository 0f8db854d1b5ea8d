import { handOverOperation } from '#shared/cases/hand-over.ts'
import type { Candidate, ResidentView } from '#shared/contract/records.ts'
import type { ContactState } from './contact-state.ts'
import type { ContactWork } from './contact-work.ts'

/** Whom the contact is about, and how it is spoken. */
export function peopleActions(
  work: ContactWork,
): Pick<
  ContactState,
  | 'chooseResident'
  | 'setLanguage'
  | 'keepLanguage'
  | 'setSpeaker'
  | 'setAssistance'
  | 'checkAgain'
  | 'handOver'
> {
  const { ports, get, set, change } = work
  return {
    async chooseResident(residentId) {
      const contactId = get().draft?.contactId
      const resident = residentId === null ? null : await ports.records.residentView(residentId)
      if (get().draft?.contactId !== contactId) return
      const candidates = get().candidates
      set({ resident, candidates: withChosen(candidates, resident) })
      // What the record says of their calls counts until the adviser says otherwise.
      const recorded = resident?.resident.assistance ?? null
      const assistance = get().draft?.assistance ?? recorded
      change({ residentId, identity: null, assistance })
    },

    setLanguage: (language) => change({ language }),

    async keepLanguage() {
      const { draft, resident } = get()
      const language = draft?.language ?? null
      if (draft === null || resident === null || language === null) return false
      const { id: residentId, version: baseVersion } = resident.resident
      const saved = await ports.records.save([
        {
          kind: 'resident.change',
          id: ports.random.uuid(),
          at: work.iso(),
          residentId,
          baseVersion,
          change: { language },
        },
      ])
      if (!saved.ok) {
        set({ saveState: { name: 'failed', error: saved.error } })
        return false
      }
      const changed = await ports.records.residentView(residentId)
      if (get().resident?.resident.id === residentId && changed !== null) set({ resident: changed })
      return true
    },

    setSpeaker: (speaker) => change({ speaker }),

    setAssistance: (assistance) => change({ assistance }),

    checkAgain() {
      const { draft, script, view } = get()
      const check = view?.answered.findLast(({ kind }) => kind === 'verify')
      if (draft === null || script === null) return
      if (check !== undefined) get().reopen(check.stepId)
      // The script has not come to its check yet: there it is made, and the colleague's counts no more.
      else if (view?.current?.kind !== 'verify') change({ given: null })
    },

    async handOver(reason) {
      const { draft, resident } = get()
      if (draft === null) return false
      const language = draft.language ?? resident?.resident.language ?? 'en'
      const passedOn = { ...draft, language }
      const saved = await ports.records.save([handOverOperation(passedOn, reason, ports.random, ports.now())])
      if (!saved.ok) {
        set({ saveState: { name: 'failed', error: saved.error } })
        return false
      }
      // The colleague asks the council for it as soon as the call is there.
      await ports.records.syncNow()
      return true
    },
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
