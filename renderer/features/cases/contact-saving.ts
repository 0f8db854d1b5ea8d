import { type GuidedWork, noteOperation, planSave, workFingerprint } from '#shared/cases/contact-work.ts'
import type { Draft } from '#shared/contract/draft.ts'
import type { Operation } from '#shared/contract/rest.ts'
import { appError } from '#shared/kernel/app-error.ts'
import { accountOf } from './contact-account.ts'
import { type ContactState, nothingInHand } from './contact-state.ts'
import type { ContactWork } from './contact-work.ts'
import { guidedWork } from './guided-contact.ts'

/** What the adviser writes, and bringing the records up to the work. */
export function savingActions(
  work: ContactWork,
): Pick<ContactState, 'type' | 'setDisposition' | 'save' | 'addNote' | 'finish'> {
  const { ports, get, set, change } = work
  const { records, random } = ports
  /** Saves follow one another: a note, the work and the end may be asked for faster than the disk answers. */
  let saving: Promise<unknown> = Promise.resolve()
  const inTurn = <T>(run: () => Promise<T>): Promise<T> => {
    const result = saving.then(run)
    saving = result.catch(() => {})
    return result
  }

  return {
    type: (name, text) => change({ typed: { ...get().draft?.typed, [name]: text } }),

    setDisposition: (disposition) => change({ disposition }),

    save: () =>
      inTurn(async () => {
        const prepared = prepare(work)
        if (prepared === null) return false
        const savedAt = await saveOperations(work, prepared.operations)
        if (savedAt === null) return false
        const fingerprint = workFingerprint(prepared.draft, prepared.guided)
        change({ caseId: prepared.draft.caseId, saved: { at: savedAt, fingerprint } })
        await work.readBack()
        return true
      }),

    addNote: () =>
      inTurn(async () => {
        const { draft } = get()
        const text = draft?.typed.note?.trim() ?? ''
        if (draft === null || text === '') return false
        const savedAt = await saveOperations(work, [noteOperation(draft, 'note', text, work.iso(), random)])
        if (savedAt === null) return false
        if (get().draft?.typed.note?.trim() === text)
          change({ typed: without(get().draft?.typed ?? {}, 'note') })
        await work.readBack()
        return true
      }),

    finish: () =>
      inTurn(async () => {
        // Without a call nothing else says when the contact ended.
        const prepared = prepare(work, ports.now())
        const { view } = get()
        if (prepared === null) return false
        if (prepared.draft.disposition === null) {
          set({ saveState: { name: 'failed', error: appError('cases/disposition-missing', 'now') } })
          return false
        }
        const ended = prepared.draft
        const note = ended.typed.note?.trim() ?? ''
        const account = accountOf(ended, view)
        const savedAt = await saveOperations(work, [
          ...prepared.operations,
          ...(note === '' ? [] : [noteOperation(ended, 'note', note, work.iso(), random)]),
          ...accountsOfEarlier(ended).map((each) =>
            noteOperation(each.draft, 'contact', each.text, work.iso(), random),
          ),
          ...(account === '' ? [] : [noteOperation(ended, 'contact', account, work.iso(), random)]),
        ])
        if (savedAt === null) return false
        work.closed.add(ended.contactId)
        // Out of hand at once: whatever changed it while its draft goes would bring the draft back.
        const gone = records.deleteDraft(ended.contactId)
        work.opening = null
        work.turnedFrom = null
        set(nothingInHand)
        await gone
        await get().refresh()
        return true
      }),
  }
}

/** What scripts that were left for another wrote, each for the case made under it. */
function accountsOfEarlier(draft: Draft): readonly { readonly draft: Draft; readonly text: string }[] {
  return draft.earlier
    .filter(({ notes }) => notes !== '')
    .map(({ title, notes, caseId }) => ({
      draft: { ...draft, caseId: caseId ?? draft.caseId },
      text: `${title}, begun and left:\n${notes}`,
    }))
}

interface PreparedSave {
  readonly draft: Draft
  readonly operations: readonly Operation[]
  readonly guided: GuidedWork | null
}

/**
 * Operations that bring the records up to the work, and the draft as it will be when they are saved. `endsAt`, in
 * milliseconds since 1970, is the end of a contact that has none yet.
 */
function prepare({ ports, get, iso }: ContactWork, endsAt: number | null = null): PreparedSave | null {
  const { draft: inHand, script, view, knownCase } = get()
  if (inHand === null) return null
  const draft: Draft = { ...inHand, endedAt: inHand.endedAt ?? endsAt }
  const guided = guidedWork(script, view)
  const plan = planSave({ draft, guided, existing: knownCase?.record ?? null, at: iso() }, ports.random)
  return { draft: { ...draft, caseId: plan.caseId }, operations: plan.operations, guided }
}

/** When it was saved, milliseconds since 1970; null when it could not be. */
async function saveOperations(
  { ports, set }: ContactWork,
  operations: readonly Operation[],
): Promise<number | null> {
  set({ saveState: { name: 'saving' } })
  const result = await ports.records.save(operations)
  set({ saveState: result.ok ? { name: 'idle' } : { name: 'failed', error: result.error } })
  return result.ok ? result.value.savedAt : null
}

const without = (typed: Readonly<Record<string, string>>, name: string): Record<string, string> =>
  Object.fromEntries(Object.entries(typed).filter(([key]) => key !== name))
