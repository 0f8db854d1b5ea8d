import type { ScriptRun } from '#shared/contract/draft.ts'
import type { ScriptDocument } from '#shared/guidance/format.ts'
import { answerPage } from '#shared/guidance/quick-page.ts'
import { answerStep, escalate, goBack, reopenStep, viewRun } from '#shared/guidance/run.ts'
import type { GuidanceContext } from '#shared/guidance/view.ts'
import { readLateHandOver } from './contact-identity.ts'
import type { ContactState } from './contact-state.ts'
import type { ContactWork } from './contact-work.ts'
import { context } from './guided-contact.ts'

/** The script's run: answers, and ways back. */
export function runActions(
  work: ContactWork,
): Pick<ContactState, 'answer' | 'answerPage' | 'back' | 'escalate' | 'reopen' | 'lookAgain'> {
  const { get, set, change } = work
  const move = (next: (running: RunningScript) => ScriptRun) => {
    const running = runningScript(work)
    if (running === null) return
    set({ stepError: null, pageErrors: {} })
    change({ run: next(running) })
  }

  return {
    answer(stepId, input) {
      const running = runningScript(work)
      if (running === null) return
      const result = answerStep(running.script, running.run, stepId, input, work.iso(), running.context)
      if (!result.ok) {
        set({ stepError: result.error })
        return
      }
      set({ stepError: null, pageErrors: {} })
      change({ run: result.value, typed: withoutSteps(get().draft?.typed ?? {}, [stepId]) })
    },

    answerPage(inputs) {
      const running = runningScript(work)
      if (running === null) return
      const answered = answerPage(running.script, running.run, inputs, work.iso(), running.context)
      if (!answered.ok) {
        set({ pageErrors: answered.errors })
        return
      }
      set({ stepError: null, pageErrors: {} })
      const given = answered.run.answers.slice(running.run.answers.length).map(({ stepId }) => stepId)
      change({ run: answered.run, typed: withoutSteps(get().draft?.typed ?? {}, given) })
    },

    back: () => move(({ script, run, context }) => goBack(script, run, context)),

    escalate: () => move(({ script, run, context }) => escalate(script, run, work.iso(), context)),

    reopen: (stepId) => move(({ script, run, context }) => reopenStep(script, run, stepId, context)),

    lookAgain() {
      void readLateHandOver(work)
      const running = runningScript(work)
      if (running === null) return
      const seen = viewRun(running.script, running.run, running.context)
      if (JSON.stringify(seen) !== JSON.stringify(get().view)) change({})
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

const withoutSteps = (
  typed: Readonly<Record<string, string>>,
  stepIds: readonly string[],
): Record<string, string> =>
  Object.fromEntries(
    Object.entries(typed).filter(
      ([key]) => !stepIds.some((stepId) => key === `step.${stepId}` || key.startsWith(`step.${stepId}.`)),
    ),
  )
