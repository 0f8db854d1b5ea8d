import { type KeyboardEvent, useEffect, useRef } from 'react'
import type { AnsweredStep } from '#shared/guidance/view.ts'

export interface AnsweredListProps {
  readonly answered: readonly AnsweredStep[]
  /** Answers that the way now taken no longer uses. */
  readonly dropped: readonly AnsweredStep[]
  readonly onReopen: (stepId: string) => void
}

/** What was answered so far; each question can be opened again, by mouse or with the arrow keys and Enter. */
export function AnsweredList({ answered, dropped, onReopen }: AnsweredListProps) {
  const list = useRef<HTMLOListElement>(null)
  const count = answered.length

  // The newest answer stays in sight when there are more than fit.
  // biome-ignore lint/correctness/useExhaustiveDependencies: each answer moves the end of the list
  useEffect(() => {
    const element = list.current
    if (element !== null) element.scrollTop = element.scrollHeight
  }, [count])

  if (count === 0) return null
  return (
    <div className="answered">
      <ol ref={list} className="answered__list" aria-label="Answered so far" onKeyDown={moveAmong}>
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
      {dropped.length === 0 ? null : (
        <p className="small quiet" role="status">
          No longer used: {dropped.map(({ title, value }) => `${title}, ${value}`).join('; ')}.
        </p>
      )}
    </div>
  )
}

/** From the step upwards into the list, and from its end back to the step. */
export function focusLastAnswered(within: HTMLElement | null): boolean {
  const buttons = within?.querySelectorAll<HTMLButtonElement>('.answered button')
  const last = buttons?.[buttons.length - 1]
  last?.focus()
  return last !== undefined
}

function moveAmong(event: KeyboardEvent<HTMLOListElement>): void {
  const by = { ArrowUp: -1, ArrowLeft: -1, ArrowDown: 1, ArrowRight: 1 }[event.key]
  if (by === undefined) return
  event.preventDefault()
  const buttons: readonly Element[] = [...event.currentTarget.querySelectorAll('button')]
  const at = document.activeElement === null ? 0 : buttons.indexOf(document.activeElement) + by
  const panel = event.currentTarget.closest('.guidance')
  if (at >= buttons.length) panel?.querySelector<HTMLElement>('.step')?.focus()
  else event.currentTarget.querySelectorAll('button')[Math.max(0, at)]?.focus()
}

function AnsweredWords({ step }: { readonly step: AnsweredStep }) {
  return (
    <>
      <span className="answered__tick" aria-hidden="true">
        ✓
      </span>
      <span className="quiet">{step.title}:</span> <span>{step.value}</span>
      {step.derived ? (
        <span className="small quiet"> ({step.kind === 'verify' ? 'checked before' : 'worked out'})</span>
      ) : null}
    </>
  )
}
