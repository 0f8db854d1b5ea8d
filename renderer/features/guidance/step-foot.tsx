import { Button } from '#renderer/ui/button.tsx'
import type { StepView } from '#shared/guidance/view.ts'
import type { GuidancePanelProps } from './panel-props.ts'
import { ReportStep } from './report-step.tsx'

export interface StepFootProps extends GuidancePanelProps {
  readonly step: StepView
  readonly backKey: boolean
  readonly canGoBack: boolean
}

/** The ways out of any step: back, to the escalation, and a word to the script's owner. */
export function StepFoot(props: StepFootProps) {
  const { step, view, onBack, onEscalate, reporting } = props
  const { title, reached } = view.escalation
  return (
    <footer className="step__foot">
      <div className="step__buttons">
        {props.canGoBack ? (
          <Button look="plain" {...(props.backKey ? { shortcut: 'Backspace' } : {})} onClick={onBack}>
            {view.escalation.left ? 'Back to where you were' : 'Back'}
          </Button>
        ) : null}
        {onEscalate === undefined || reached ? null : (
          <Button look="plain" className="step__escalate" shortcut="Shift F12" onClick={onEscalate}>
            {title}
          </Button>
        )}
      </div>
      {reporting === undefined ? null : (
        <ReportStep
          key={step.stepId}
          stepId={step.stepId}
          reporting={reporting}
          text={props.typed.report ?? ''}
          onType={(text) => props.onType('report', text)}
        />
      )}
    </footer>
  )
}
