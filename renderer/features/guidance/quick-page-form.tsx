import { type FormEvent, type KeyboardEvent, useEffect, useRef } from 'react'
import { Button } from '#renderer/ui/button.tsx'
import type { QuickPage, QuickStepView } from '#shared/guidance/quick-page.ts'
import type { StepInput } from '#shared/guidance/view.ts'
import type { GuidancePanelProps } from './panel-props.ts'
import { QuickField } from './quick-field.tsx'
import { StepWhy } from './read-aloud.tsx'
import { StepFoot } from './step-foot.tsx'
import { isTypedInto } from './step-keys.ts'
import type { QuickMode } from './step-support.ts'
import { chosen, givenText } from './typed-fields.ts'

export type QuickPageFormProps = GuidancePanelProps & {
  readonly quick: QuickMode
  readonly page: QuickPage
}

/** A page of questions at once, from field to field by keyboard; one Enter answers all of them. */
export function QuickPageForm(props: QuickPageFormProps) {
  const { page, quick, typed, view, onType, onBack } = props
  const form = useRef<HTMLFormElement>(null)
  const tried = useRef(false)
  const first = page.steps[0]

  // biome-ignore lint/correctness/useExhaustiveDependencies: a new page takes the focus to its first field
  useEffect(() => {
    form.current?.scrollIntoView({ block: 'nearest' })
    focusField(form.current, 0)
  }, [first?.stepId])

  const wrong = page.steps.find(({ stepId }) => quick.errors[stepId] !== undefined)?.stepId
  // Only a try that failed leads to the first mistake: while it is mended the focus stays where it is.
  useEffect(() => {
    if (!tried.current) return
    tried.current = false
    if (wrong !== undefined) focusWithin(form.current?.querySelector<HTMLElement>(`[data-step="${wrong}"]`))
  })

  const submit = (event: FormEvent) => {
    event.preventDefault()
    tried.current = true
    quick.onPage(inputsOf(page, typed))
  }
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.defaultPrevented) return
    if (event.key === 'Backspace' && !isTypedInto(event.target)) {
      event.preventDefault()
      onBack()
    } else if (event.key === 'Enter' && event.target instanceof HTMLInputElement) {
      event.preventDefault()
      form.current?.requestSubmit()
    }
  }
  if (first === undefined) return null

  return (
    <form
      ref={form}
      className="step quick"
      tabIndex={-1}
      aria-label="Questions of this page"
      noValidate
      onSubmit={submit}
      onKeyDown={onKeyDown}
    >
      {page.steps.map((step) => (
        <QuickStep
          key={step.stepId}
          step={step}
          {...props}
          onType={onType}
          onDone={() => toNext(form.current, step)}
        />
      ))}
      <div className="step__buttons">
        <Button submit look="primary" shortcut="Enter">
          Answer all
        </Button>
      </div>
      <StepFoot
        {...props}
        step={first}
        backKey={false}
        canGoBack={view.answered.length > 0 || view.escalation.left}
      />
    </form>
  )
}

interface QuickStepProps extends QuickPageFormProps {
  readonly step: QuickStepView
  readonly onDone: () => void
}

function QuickStep({ step, typed, quick, onType, onDone }: QuickStepProps) {
  const id = `quick-${step.stepId}`
  return (
    <section className="quick__step" data-step={step.stepId} aria-labelledby={id}>
      <h3 id={id} className="step__title">
        {step.title}
      </h3>
      {step.readAloud === null ? null : (
        <p className="quick__words" id={`${id}-words`} lang={step.readAloud.language}>
          “{step.readAloud.text}”
          {step.readAloud.inEnglish === null ? null : (
            <span className="small quiet quick__english" lang="en">
              {step.readAloud.inEnglish}
            </span>
          )}
        </p>
      )}
      {step.kind === 'ask' ? (
        <QuickField
          step={step}
          text={givenText(step, typed)}
          error={quick.errors[step.stepId] ?? null}
          onType={onType}
          onDone={onDone}
        />
      ) : null}
      <StepWhy why={null} facts={step.facts.filter(({ stale }) => stale)} />
    </section>
  )
}

function inputsOf(page: QuickPage, typed: GuidancePanelProps['typed']): Record<string, StepInput> {
  const inputs: Record<string, StepInput> = {}
  for (const step of page.steps) {
    if (step.kind !== 'ask') continue
    const text = givenText(step, typed)
    if (text.trim() === '') {
      if (step.optional) inputs[step.stepId] = { kind: 'skip' }
    } else inputs[step.stepId] = { kind: 'value', value: step.input === 'several' ? chosen(text) : text }
  }
  return inputs
}

const fieldsOf = (form: HTMLFormElement | null): readonly HTMLElement[] => [
  ...(form?.querySelectorAll<HTMLElement>('[data-quick-field]') ?? []),
]

function focusField(form: HTMLFormElement | null, index: number): void {
  const field = fieldsOf(form)[index]
  if (field === undefined) form?.querySelector<HTMLElement>('button[type="submit"]')?.focus()
  else focusWithin(field)
}

function toNext(form: HTMLFormElement | null, step: QuickStepView): void {
  const at = fieldsOf(form).findIndex(
    (field) => field.closest('[data-step]')?.getAttribute('data-step') === step.stepId,
  )
  focusField(form, at + 1)
}

function focusWithin(element: HTMLElement | null | undefined): void {
  if (element == null) return
  const control = element.matches('input, textarea')
    ? element
    : (element.querySelector<HTMLElement>('input:checked, textarea') ??
      element.querySelector<HTMLElement>('input'))
  control?.focus()
  element.scrollIntoView({ block: 'nearest' })
}
