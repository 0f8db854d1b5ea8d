import type { ScriptRun } from '#shared/contract/draft.ts'
import type { ScriptDocument } from '#shared/guidance/format.ts'
import { answerStep, goBack, reopenStep } from '#shared/guidance/run.ts'
import type { GuidanceContext } from '#shared/guidance/view.ts'
import type { ContactState } from './contact-state.ts'
import type { ContactWork } from './contact-work.ts'
import { context } from './guided-contact.ts'

/** The script's run: answers, and ways back. */
export function runActions(work: ContactWork): Pick<ContactState, 'answer' | 'back' | 'reopen'> {
  const { get, set, change } = work
  return {
    answer(stepId, input) {
      const running = runningScript(work)
      if (running === null) return
      const result = answerStep(running.script, running.run, stepId, input, work.iso(), running.context)
      if (!result.ok) {
        set({ stepError: result.error })
        return
      }
      set({ stepError: null })
      change({ run: result.value, typed: withoutStep(get().draft?.typed ?? {}, stepId) })
    },

    back() {
      const running = runningScript(work)
      if (running === null) return
      set({ stepError: null })
      change({ run: goBack(running.script, running.run, running.context) })
    },

    reopen(stepId) {
      const running = runningScript(work)
      if (running === null) return
      set({ stepError: null })
      change({ run: reopenStep(running.script, running.run, stepId, running.context) })
    },
  }
}

interface RunningScript {
  readonly script: ScriptDocument
  readonly run: ScriptRun
  readonly context: GuidanceContext
}

function runningScript({ get, ports }: ContactWork): RunningScript | null {
  const { draft, script, resident, number } = get()
  if (draft === null || draft.run === null || script === null) return null
  return { script, run: draft.run, context: context(ports, draft, resident, number) }
}

const withoutStep = (typed: Readonly<Record<string, string>>, stepId: string): Record<string, string> =>
  Object.fromEntries(
    Object.entries(typed).filter(([key]) => key !== `step.${stepId}` && !key.startsWith(`step.${stepId}.`)),
  )
