import type { FormEvent } from 'react'
import { Button } from '#renderer/ui/button.tsx'
import { Field } from '#renderer/ui/field.tsx'
import { Kbd } from '#renderer/ui/kbd.tsx'
import type { AskStepView, OptionView, StepInput } from '#shared/guidance/view.ts'
import type { StepBodyProps } from './step-body-props.ts'
import { StepError } from './step-error.tsx'
import { chosen, givenText, stepField, toggled } from './typed-fields.ts'

type AskBodyProps = Omit<StepBodyProps, 'step' | 'support'> & { readonly step: AskStepView }

/** A question: one option, several, or words to type. */
export function AskBody(props: AskBodyProps) {
  if (props.step.input === 'several') return <SeveralBody {...props} />
  return props.step.options.length > 0 ? <ChoiceBody {...props} /> : <TypedBody {...props} />
}

function ChoiceBody({ step, error, onInput }: AskBodyProps) {
  return (
    <div className="step__actions">
      <StepError error={error} />
      <ul className={step.options.length > 5 ? 'options options--many' : 'options'}>
        {step.options.map((option) => (
          <li key={option.value}>
            <button
              type="button"
              className={option.value === step.previous ? 'option option--chosen' : 'option'}
              aria-keyshortcuts={option.letter === null ? option.key : `${option.key} ${option.letter}`}
              onClick={() => onInput({ kind: 'value', value: option.value })}
            >
              <OptionWords option={option} />
            </button>
          </li>
        ))}
      </ul>
      {step.optional ? <Skip onInput={onInput} /> : null}
    </div>
  )
}

/** The key, what it stands for, and the resident's words for it. */
export function OptionWords({ option }: { readonly option: OptionView }) {
  const keys = [option.key, option.letter].filter((key) => key !== null)
  return (
    <>
      <span className="option__keys">
        {keys.map((key) => (
          <Kbd key={key} keys={key.toUpperCase()} />
        ))}
      </span>
      <span>
        {option.label}
        {option.labelCy === null ? null : (
          <span className="option__cy" lang="cy">
            {option.labelCy}
          </span>
        )}
      </span>
    </>
  )
}

function SeveralBody({ step, typed, error, onType, onInput }: AskBodyProps) {
  const name = stepField(step.stepId)
  const list = givenText(step, typed)
  return (
    <form
      className="step__actions"
      onSubmit={(event) => {
        event.preventDefault()
        onInput({ kind: 'value', value: [...chosen(list)] })
      }}
    >
      <StepError error={error} />
      <fieldset>
        <legend className="visually-hidden">{step.title}</legend>
        <ul className={step.options.length > 5 ? 'options options--many' : 'options'}>
          {step.options.map((option) => (
            <li key={option.value}>
              <label className={chosen(list).includes(option.value) ? 'option option--chosen' : 'option'}>
                <input
                  type="checkbox"
                  checked={chosen(list).includes(option.value)}
                  onChange={() => onType(name, toggled(list, option.value))}
                />
                <OptionWords option={option} />
              </label>
            </li>
          ))}
        </ul>
      </fieldset>
      <div className="step__buttons">
        <Button submit look="primary" shortcut="Enter">
          {step.continueLabel}
        </Button>
        {step.optional ? <Skip onInput={onInput} /> : null}
      </div>
    </form>
  )
}

export const inputModes: Partial<Record<AskStepView['input'], 'numeric' | 'decimal' | 'tel' | 'email'>> = {
  number: 'numeric',
  money: 'decimal',
  phone: 'tel',
  email: 'email',
}

function TypedBody({ step, typed, error, onType, onInput }: AskBodyProps) {
  const name = stepField(step.stepId)
  const value = givenText(step, typed)
  const long = step.input === 'text' && (step.maxLength ?? 0) > 200
  const submit = (event?: FormEvent) => {
    event?.preventDefault()
    onInput({ kind: 'value', value })
  }

  return (
    <form className="step__actions" onSubmit={submit} noValidate>
      <Field label={step.title} hideLabel hint={step.formHint ?? undefined} error={error ?? undefined}>
        {(control) =>
          long ? (
            <textarea
              {...control}
              data-step-focus=""
              rows={3}
              maxLength={step.maxLength ?? undefined}
              value={value}
              onChange={(event) => onType(name, event.target.value)}
              onKeyDown={(event) => {
                if (event.key === 'Enter' && !event.shiftKey) {
                  event.preventDefault()
                  submit()
                }
              }}
            />
          ) : (
            <input
              {...control}
              data-step-focus=""
              autoComplete="off"
              inputMode={inputModes[step.input]}
              maxLength={step.maxLength ?? undefined}
              value={value}
              onChange={(event) => onType(name, event.target.value)}
            />
          )
        }
      </Field>
      <div className="step__buttons">
        <Button submit look="primary" shortcut="Enter">
          {step.continueLabel}
        </Button>
        {step.optional ? <Skip onInput={onInput} /> : null}
      </div>
    </form>
  )
}

function Skip({ onInput }: { readonly onInput: (input: StepInput) => void }) {
  return (
    <Button look="plain" onClick={() => onInput({ kind: 'skip' })}>
      Go on without an answer
    </Button>
  )
}
