import type { RunView, StepInput } from '#shared/guidance/view.ts'
import { AnsweredList } from './answered-list.tsx'
import { CurrentStep, FinishedNote } from './current-step.tsx'
import { PanelHead } from './panel-head.tsx'
import { QuickPageForm } from './quick-page-form.tsx'
import { ScriptStanding, type ScriptStandingProps } from './script-standing.tsx'
import type { QuickMode, StepReporting, StepSupport } from './step-support.ts'
import { usePanelKeys } from './use-panel-keys.ts'
import './guidance.css'

export interface GuidancePanelProps {
  readonly title: string
  readonly view: RunView
  /** Half-typed words by field name, kept by whoever keeps the draft. */
  readonly typed: Readonly<Record<string, string>>
  /** What is wrong with the last answer, in words. */
  readonly error: string | null
  readonly onType: (name: string, text: string) => void
  readonly onInput: (stepId: string, input: StepInput) => void
  readonly onBack: () => void
  readonly onReopen: (stepId: string) => void
  /** Language of the words to read out. */
  readonly language: 'en' | 'cy'
  readonly onLanguage: (language: 'en' | 'cy') => void
  /** False marks the Welsh wording as not yet read by a Welsh speaker. */
  readonly welshReviewed?: boolean
  readonly standing?: ScriptStandingProps
  /** Calls through a relay or an interpreter, and in Welsh, take their time: none is shown. */
  readonly noTimePressure?: boolean
  readonly onEscalate?: () => void
  readonly quick?: QuickMode
  readonly reporting?: StepReporting
  readonly support?: StepSupport
}

/** The script, one step at a time. The words to read out are the largest thing on the screen. */
export function GuidancePanel(props: GuidancePanelProps) {
  const { view, quick, language, welshReviewed, standing } = props
  const panel = usePanelKeys(props)
  const page = quick?.on === true ? quick.page : null
  return (
    <div ref={panel} className="guidance">
      <PanelHead {...props} />
      <ScriptStanding {...standing} />
      {language === 'cy' && welshReviewed === false ? (
        <p className="small guidance__mark">
          The Welsh wording has not been reviewed by a Welsh speaker yet. Go by the English beside it.
        </p>
      ) : null}
      <AnsweredList answered={view.answered} dropped={view.droppedSteps} onReopen={props.onReopen} />
      {view.current === null ? (
        <FinishedNote view={view} onBack={props.onBack} />
      ) : page !== null && quick !== undefined ? (
        <QuickPageForm {...props} quick={quick} page={page} />
      ) : (
        <CurrentStep {...props} step={view.current} />
      )}
    </div>
  )
}
