import { type KeyboardEvent, useEffect, useRef } from 'react'
import type { StepView } from '#shared/guidance/view.ts'
import { focusLastAnswered } from './answered-list.tsx'
import type { GuidancePanelProps } from './panel-props.ts'
import { ReadAloud, StepWhy } from './read-aloud.tsx'
import { StepBody } from './step-body.tsx'
import { StepFoot } from './step-foot.tsx'
import { stepKey } from './step-keys.ts'
import { noSupport } from './step-support.ts'

type CurrentStepProps = GuidancePanelProps & { readonly step: StepView }

/** The step in hand: its words, what takes the answer, and the ways out of it. */
export function CurrentStep(props: CurrentStepProps) {
  const { step, view, typed, error, onType, onInput, onBack } = props
  const support = props.support ?? noSupport
  const section = useRef<HTMLElement>(null)
  useFocusOnStep(section, step)

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.defaultPrevented) return
    if (event.key === 'ArrowUp' && event.target === section.current) {
      if (focusLastAnswered(section.current.closest<HTMLElement>('.guidance'))) event.preventDefault()
      return
    }
    const action = stepKey(step, typed, event.key, event.target, support)
    if (action === null) return
    event.preventDefault()
    if (action.kind === 'back') onBack()
    else if (action.kind === 'type') onType(action.name, action.text)
    else if (action.kind === 'ask-first') support.handOver.onAsk(action.entryId)
    else if (action.kind === 'pass-on') support.handOver.onPassOn(action.entryId)
    else onInput(step.stepId, action.input)
  }

  return (
    <section
      ref={section}
      className="step"
      tabIndex={-1}
      aria-labelledby="step-title"
      aria-describedby={step.readAloud === null ? undefined : 'step-read-aloud'}
      onKeyDown={onKeyDown}
    >
      <h3 id="step-title" className="step__title">
        {step.title}
      </h3>
      {step.readAloud === null ? null : <ReadAloud words={step.readAloud} id="step-read-aloud" />}
      {step.withheld ? (
        <p className="quiet">The details are hidden: nobody has been identified on this call.</p>
      ) : null}
      <StepBody
        step={step}
        typed={typed}
        error={error}
        support={support}
        onType={onType}
        onInput={(input) => onInput(step.stepId, input)}
      />
      <StepWhy why={step.why} facts={step.facts} />
      <StepFoot
        {...props}
        backKey={!isTyped(step)}
        canGoBack={view.answered.length > 0 || view.escalation.left}
      />
    </section>
  )
}

/** The focus follows the step: into the box to type in, otherwise onto the step, where the keys work. */
function useFocusOnStep(section: { readonly current: HTMLElement | null }, step: StepView): void {
  // Choosing the caller on the left opens the questions, so the focus goes on to them.
  const opened = step.kind === 'verify' && step.residentChosen
  // biome-ignore lint/correctness/useExhaustiveDependencies: `opened` enables the box that takes the focus
  useEffect(() => {
    const box = section.current?.querySelector<HTMLElement>('[data-step-focus]')
    // The words to read out come into view, not just the box below them.
    section.current?.scrollIntoView({ block: 'nearest' })
    ;(box ?? section.current)?.focus({ preventScroll: true })
  }, [section, step.stepId, opened])
}

/** In a box to type in, Backspace belongs to the text. */
const isTyped = (step: StepView): boolean => step.kind === 'ask' && step.options.length === 0
