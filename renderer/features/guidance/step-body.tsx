import type { FormEvent } from 'react'
import { Button } from '#renderer/ui/button.tsx'
import { Field } from '#renderer/ui/field.tsx'
import { Kbd } from '#renderer/ui/kbd.tsx'
import type { AskStepView, SignpostStepView, StepInput, StepView } from '#shared/guidance/view.ts'
import { StepError } from './step-error.tsx'
import { chosen, stepField, toggled } from './typed-fields.ts'
import { VerifyStep } from './verify-step.tsx'

export interface StepBodyProps {
  readonly step: StepView
  readonly typed: Readonly<Record<string, string>>
  readonly error: string | null
  readonly onType: (name: string, text: string) => void
  readonly onInput: (input: StepInput) => void
}

/** The part of a step that takes the answer. */
export function StepBody(props: StepBodyProps) {
  const { step } = props
  switch (step.kind) {
    case 'ask':
      return <AskBody {...props} step={step} />
    case 'verify':
      return <VerifyStep {...props} step={step} />
    case 'signpost':
      return <SignpostBody {...props} step={step} />
    case 'outcome':
      return (
        <>
          {step.promises.length === 0 ? null : (
            <ul className="step__promises">
              {step.promises.map((promise) => (
                <li key={promise}>{promise}</li>
              ))}
            </ul>
          )}
          <Continue label={step.continueLabel} error={props.error} onInput={props.onInput} />
        </>
      )
    default:
      return <Continue label={step.continueLabel} error={props.error} onInput={props.onInput} />
  }
}

function Continue(props: {
  readonly label: string
  readonly error: string | null
  readonly onInput: (input: StepInput) => void
}) {
  return (
    <div className="step__actions">
      <StepError error={props.error} />
      <Button look="primary" shortcut="Enter" onClick={() => props.onInput({ kind: 'continue' })}>
        {props.label}
      </Button>
    </div>
  )
}

type AskBodyProps = StepBodyProps & { readonly step: AskStepView }

function AskBody(props: AskBodyProps) {
  if (props.step.input === 'several') return <SeveralBody {...props} />
  return props.step.options.length > 0 ? <ChoiceBody {...props} /> : <TypedBody {...props} />
}

function ChoiceBody({ step, error, onInput }: AskBodyProps) {
  return (
    <div className="step__actions">
      <StepError error={error} />
      <ul className="options">
        {step.options.map((option) => (
          <li key={option.value}>
            <button
              type="button"
              className={option.value === step.previous ? 'option option--chosen' : 'option'}
              aria-keyshortcuts={option.key ?? undefined}
              onClick={() => onInput({ kind: 'value', value: option.value })}
            >
              {option.key === null ? null : <Kbd keys={option.key} />}
              <span>
                {option.label}
                {option.labelCy === null ? null : (
                  <span className="quiet" lang="cy">
                    {' '}
                    {option.labelCy}
                  </span>
                )}
              </span>
            </button>
          </li>
        ))}
      </ul>
      {step.optional ? <Skip onInput={onInput} /> : null}
    </div>
  )
}

function SeveralBody({ step, typed, error, onType, onInput }: AskBodyProps) {
  const name = stepField(step.stepId)
  const previous = Array.isArray(step.previous) ? step.previous.join(',') : ''
  const list = typed[name] ?? previous
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
        <ul className="options">
          {step.options.map((option) => (
            <li key={option.value}>
              <label className={chosen(list).includes(option.value) ? 'option option--chosen' : 'option'}>
                <input
                  type="checkbox"
                  checked={chosen(list).includes(option.value)}
                  onChange={() => onType(name, toggled(list, option.value))}
                />
                {option.key === null ? null : <Kbd keys={option.key} />}
                <span>{option.label}</span>
              </label>
            </li>
          ))}
        </ul>
      </fieldset>
      <div className="step__buttons">
        <Button submit look="primary">
          {step.continueLabel}
        </Button>
        {step.optional ? <Skip onInput={onInput} /> : null}
      </div>
    </form>
  )
}

const inputModes: Partial<Record<AskStepView['input'], 'numeric' | 'decimal' | 'tel' | 'email'>> = {
  number: 'numeric',
  money: 'decimal',
  phone: 'tel',
  email: 'email',
}

function TypedBody({ step, typed, error, onType, onInput }: AskBodyProps) {
  const name = stepField(step.stepId)
  const value = typed[name] ?? (typeof step.previous === 'string' ? step.previous : '')
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

function SignpostBody({ step, error, onInput }: StepBodyProps & { readonly step: SignpostStepView }) {
  return (
    <>
      <ul className="cards">
        {step.contacts.map((card) => (
          <li key={card.id} className="card">
            <strong>{card.name}</strong>
            {[card.phone, card.email, card.web, card.address, card.hours].map((text) =>
              text === null ? null : <span key={text}>{text}</span>,
            )}
          </li>
        ))}
      </ul>
      <Continue label={step.continueLabel} error={error} onInput={onInput} />
    </>
  )
}
