import type { AnsweredStep } from '#shared/guidance/view.ts'

export interface AnsweredListProps {
  readonly answered: readonly AnsweredStep[]
  /** How many answers the way now taken no longer uses. */
  readonly dropped: number
  readonly onReopen: (stepId: string) => void
}

/** What was answered so far; each question can be opened again. */
export function AnsweredList({ answered, dropped, onReopen }: AnsweredListProps) {
  if (answered.length === 0) return null
  return (
    <div className="answered">
      <ol className="answered__list" aria-label="Answered so far">
        {answered.map((step) => (
          <li key={step.stepId}>
            {step.kind === 'ask' || step.kind === 'verify' ? (
              <button
                type="button"
                className="answered__step answered__step--open"
                title="Change this answer"
                onClick={() => onReopen(step.stepId)}
              >
                <AnsweredWords step={step} />
              </button>
            ) : (
              <span className="answered__step">
                <AnsweredWords step={step} />
              </span>
            )}
          </li>
        ))}
      </ol>
      {dropped === 0 ? null : (
        <p className="small quiet" role="status">
          {dropped === 1 ? '1 earlier answer is' : `${dropped} earlier answers are`} not used on this way and
          left out.
        </p>
      )}
    </div>
  )
}

function AnsweredWords({ step }: { readonly step: AnsweredStep }) {
  return (
    <>
      <span className="answered__tick" aria-hidden="true">
        ✓
      </span>
      <span className="quiet">{step.title}:</span> <span>{step.value}</span>
      {step.derived ? <span className="small quiet"> (worked out)</span> : null}
    </>
  )
}
