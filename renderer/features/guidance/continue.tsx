import { Button } from '#renderer/ui/button.tsx'
import type { StepInput } from '#shared/guidance/view.ts'
import { StepError } from './step-error.tsx'

export interface ContinueProps {
  readonly label: string
  readonly error: string | null
  /** False where Enter must not be pressed by habit. */
  readonly byEnter?: boolean
  readonly onInput: (input: StepInput) => void
}

export function Continue({ label, error, byEnter = true, onInput }: ContinueProps) {
  return (
    <div className="step__actions">
      <StepError error={error} />
      <Button
        {...(byEnter ? { look: 'primary', shortcut: 'Enter' } : {})}
        onClick={() => onInput({ kind: 'continue' })}
      >
        {label}
      </Button>
    </div>
  )
}
