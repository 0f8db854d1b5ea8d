import { AnsweredList } from './answered-list.tsx'
import { CurrentStep } from './current-step.tsx'
import { FinishedNote } from './finished-note.tsx'
import { KeepLanguage } from './keep-language.tsx'
import { PanelHead } from './panel-head.tsx'
import type { GuidancePanelProps } from './panel-props.ts'
import { QuickPageForm } from './quick-page-form.tsx'
import { ScriptStanding } from './script-standing.tsx'
import { usePanelKeys } from './use-panel-keys.ts'
import './guidance.css'

/** The script, one step at a time. The words to read out are the largest thing on the screen. */
export function GuidancePanel(props: GuidancePanelProps) {
  const { view, quick, language, welshReviewed, standing } = props
  const panel = usePanelKeys(props)
  const page = quick?.on === true ? quick.page : null
  return (
    <div ref={panel} className="guidance">
      <PanelHead {...props} />
      {props.onKeepLanguage == null ? null : (
        <KeepLanguage language={language} onKeep={props.onKeepLanguage} />
      )}
      <ScriptStanding {...standing} />
      {language === 'cy' && welshReviewed === false ? (
        <p className="small guidance__mark">
          The Welsh wording has not been reviewed by a Welsh speaker yet. Go by the English beside it.
        </p>
      ) : null}
      <AnsweredList answered={view.answered} dropped={view.droppedSteps} onReopen={props.onReopen} />
      {view.current === null ? (
        <FinishedNote view={view} onCall={props.onCall ?? true} onBack={props.onBack} />
      ) : page !== null && quick !== undefined ? (
        <QuickPageForm {...props} quick={quick} page={page} />
      ) : (
        <CurrentStep {...props} step={view.current} />
      )}
    </div>
  )
}
