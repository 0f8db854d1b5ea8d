import type { Draft } from '#shared/contract/draft.ts'
import { accountText, type NoteEdits, withEdit, withoutEdit } from '#shared/guidance/notes.ts'
import type { RunView } from '#shared/guidance/view.ts'
import type { ContactState } from './contact-state.ts'
import type { ContactWork } from './contact-work.ts'

/** The account of the contact in the adviser's words where they changed it, and what they say of a step. */
export function accountActions(
  work: ContactWork,
): Pick<ContactState, 'editLine' | 'restoreLine' | 'reportStep'> {
  const { ports, get, set, change } = work
  const edit = (edited: (edits: NoteEdits) => Record<string, { text: string; of: string }>) => {
    const { draft, script } = get()
    if (draft === null || script === null) return
    change({ noteEdits: { ...draft.noteEdits, [script.id]: edited(editsOf(draft)) } })
  }

  return {
    editLine: (key, text) => edit((edits) => withEdit(get().view?.noteLines ?? [], edits, key, text)),

    restoreLine: (key) => edit((edits) => withoutEdit(edits, key)),

    async reportStep(stepId, comment) {
      const { draft, script } = get()
      const words = comment.trim()
      if (draft === null || script === null || words === '') return false
      const reportId = ports.random.uuid()
      const saved = await ports.records.save([
        {
          kind: 'script.report',
          id: ports.random.uuid(),
          at: work.iso(),
          reportId,
          report: { scriptId: script.id, version: script.version, stepId, comment: words },
        },
      ])
      if (get().draft?.contactId !== draft.contactId) return saved.ok
      set({ stepReport: { stepId, reportId, owner: script.owner, error: saved.ok ? null : saved.error } })
      if (saved.ok) change({ typed: { ...get().draft?.typed, [reportField]: '' } })
      return saved.ok
    },
  }
}

/** Name under which a report that is being written is kept in the draft. */
const reportField = 'report'

export const editsOf = (draft: Draft): NoteEdits => draft.noteEdits[draft.run?.scriptId ?? ''] ?? {}

/** The account of the contact as it is saved. */
export const accountOf = (draft: Draft, view: RunView | null): string =>
  accountText(view?.noteLines ?? [], editsOf(draft))
