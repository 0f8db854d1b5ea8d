import { newDraft } from '#shared/cases/new-draft.ts'
import { mustAskWhichCase, underScript } from '#shared/cases/script-choice.ts'
import { startNext } from '#shared/guidance/next-script.ts'
import { loadScript } from '#shared/guidance/run.ts'
import { accountOf } from './contact-account.ts'
import { openContact, standingOf } from './contact-opening.ts'
import type { ContactState } from './contact-state.ts'
import type { ContactWork } from './contact-work.ts'
import { context } from './guided-contact.ts'

/** Which script a contact is worked on with, and contacts that come without a call. */
export function scriptActions(
  work: ContactWork,
): Pick<ContactState, 'chooseScript' | 'beginContact' | 'noteRisk'> {
  const { ports, get, set, change } = work
  const { records, random } = ports

  return {
    async chooseScript(scriptId, whichCase) {
      const before = get().draft
      if (before === null || before.run?.scriptId === scriptId) return 'chosen'
      if (whichCase === undefined && mustAskWhichCase(before, scriptId)) return 'which-case'
      // The case that is left behind must hold what was said up to now.
      if (before.caseId !== null && whichCase !== 'same' && get().unsaved && !(await get().save()))
        return 'failed'
      const earlier = before.earlier.find(({ run }) => run.scriptId === scriptId)
      const fetched = await records.script(scriptId, earlier?.run.scriptVersion)
      const loaded = fetched.ok ? loadScript(fetched.value.document) : fetched
      const { draft, script, view, resident, number } = get()
      if (draft?.contactId !== before.contactId) return 'failed'
      if (!loaded.ok) {
        set({ stepError: loaded.error })
        return 'failed'
      }
      const inHand = script === null ? null : { title: script.title, notes: accountOf(draft, view) }
      const left = script === null || draft.run === null ? null : { script, run: draft.run }
      const next = startNext(loaded.value, work.iso(), left, context(ports, draft, resident, number))
      set({
        script: loaded.value,
        scriptError: null,
        stepError: null,
        pageErrors: {},
        ...standingOf(fetched),
      })
      change(underScript(draft, inHand, next, whichCase === 'same'))
      await work.readBack()
      if (get().draft?.caseId === null) set({ knownCase: null })
      return 'chosen'
    },

    async beginContact(channel, scriptId) {
      const queue = ports.me()?.queues.find((each) => each.scriptId === scriptId)
      const draft = newDraft({
        contactId: random.uuid(),
        startedAt: ports.now(),
        channel,
        direction: 'inbound',
        queueId: queue?.id ?? null,
      })
      await records.putDraft(draft)
      await openContact(work, draft, null, false)
      if (scriptId !== null) await get().chooseScript(scriptId)
      return draft.contactId
    },

    noteRisk(fields) {
      const { draft } = get()
      if (draft === null) return
      const risk = draft.risk ?? { begunAt: ports.now(), toldAt: null, endedAt: null }
      change({ risk: { ...risk, ...fields } })
    },
  }
}
