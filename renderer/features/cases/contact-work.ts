import { workFingerprint } from '#shared/cases/contact-work.ts'
import type { Draft } from '#shared/contract/draft.ts'
import type { Line } from '#shared/contract/phone.ts'
import { quickPage } from '#shared/guidance/quick-page.ts'
import { viewRun } from '#shared/guidance/run.ts'
import type { ContactPorts, ContactState } from './contact-state.ts'
import { context, guidedWork } from './guided-contact.ts'

/** What the modules of the contact store share: its state, and how the contact in hand is changed and read again. */
export interface ContactWork {
  readonly ports: ContactPorts
  readonly get: () => ContactState
  readonly set: (fields: Partial<ContactState>) => void
  /** Which contact is being opened, so that a slower answer for an earlier one is ignored. */
  opening: string | null
  /** Contacts finished or set aside here: their ended lines do not bring them back. */
  readonly closed: Set<string>
  /** The calls as last heard, for when another contact is taken in hand. */
  lines: readonly Line[]
  /** Since when the call in hand has been on hold; null while it is not. */
  heldSince: number | null
  /** Contact of the call being talked on, when the adviser has another in hand by choice. */
  turnedFrom: string | null
  iso(): string
  /** Changes the draft, keeps it and shows what follows from it. */
  change(fields: Partial<Draft>): void
  /** Reads what the records now hold about the contact. */
  readBack(): Promise<void>
}

export function createContactWork(
  ports: ContactPorts,
  get: () => ContactState,
  set: (fields: Partial<ContactState>) => void,
): ContactWork {
  const { records } = ports
  return {
    ports,
    get,
    set,
    opening: null,
    closed: new Set(),
    lines: [],
    heldSince: null,
    turnedFrom: null,
    iso: () => new Date(ports.now()).toISOString(),

    change(fields) {
      const before = get().draft
      if (before === null) return
      const changed = { ...before, ...fields, updatedAt: ports.now() }
      const { script, resident, number } = get()
      const around = context(ports, changed, resident, number)
      const { run } = changed
      const view = script === null || run === null ? null : viewRun(script, run, around)
      const page = script === null || run === null ? null : quickPage(script, run, around)
      const outcome = view?.outcome ?? null
      const draft: Draft = {
        ...changed,
        identity: view === null ? changed.identity : view.identity,
        failedAttempts: view === null ? changed.failedAttempts : { ...view.failedAttempts },
        disposition: changed.disposition ?? outcome?.disposition ?? null,
      }
      const fingerprint = workFingerprint(draft, guidedWork(script, view))
      set({ draft, view, page, unsaved: draft.saved?.fingerprint !== fingerprint })
      // Handed over on every keystroke and not awaited: the worker keeps the order and writes the newest.
      void records.putDraft(draft)
    },

    async readBack() {
      const { draft } = get()
      if (draft === null) return
      const [timeline, knownCase, resident] = await Promise.all([
        records.contactTimeline(draft.contactId),
        draft.caseId === null ? null : records.caseView(draft.caseId),
        draft.residentId === null ? null : records.residentView(draft.residentId),
      ])
      if (get().draft?.contactId !== draft.contactId) return
      set({
        timeline,
        knownCase,
        resident: get().draft?.residentId === draft.residentId ? resident : get().resident,
      })
    },
  }
}
