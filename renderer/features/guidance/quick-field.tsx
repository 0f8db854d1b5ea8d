import type { KeyboardEvent } from 'react'
import { Field } from '#renderer/ui/field.tsx'
import type { AskStepView } from '#shared/guidance/view.ts'
import { inputModes, OptionWords } from './ask-step.tsx'
import { StepError } from './step-error.tsx'
import { optionOf } from './step-keys.ts'
import { chosen, stepField, toggled } from './typed-fields.ts'

export interface QuickFieldProps {
  readonly step: AskStepView
  /** What is typed or chosen so far; several values are joined by commas. */
  readonly text: string
  readonly error: string | null
  readonly onType: (name: string, text: string) => void
  /** The answer is complete: on to the next field. */
  readonly onDone: () => void
}

/** One question of a page: options by their key, or a box to type in. */
export function QuickField(props: QuickFieldProps) {
  return props.step.options.length > 0 ? <OptionsField {...props} /> : <TextField {...props} />
}

function OptionsField({ step, text, error, onType, onDone }: QuickFieldProps) {
  const several = step.input === 'several'
  const name = stepField(step.stepId)
  const choose = (value: string) => onType(name, several ? toggled(text, value) : value)

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.altKey || event.metaKey) return
    const option = optionOf(step.options, event.key)
    if (option === undefined) return
    event.preventDefault()
    choose(option.value)
    if (!several) onDone()
  }

  return (
    <fieldset className="quick__options" data-quick-field="" onKeyDown={onKeyDown}>
      <legend className="visually-hidden">{step.title}</legend>
      <StepError error={error} />
      <div className="options">
        {step.options.map((option) => {
          const checked = several ? chosen(text).includes(option.value) : text === option.value
          return (
            <label key={option.value} className={checked ? 'option option--chosen' : 'option'}>
              <input
                type={several ? 'checkbox' : 'radio'}
                name={name}
                checked={checked}
                onChange={() => choose(option.value)}
              />
              <OptionWords option={option} />
            </label>
          )
        })}
      </div>
    </fieldset>
  )
}

function TextField({ step, text, error, onType }: QuickFieldProps) {
  return (
    <Field
      label={step.optional ? `${step.title}, if there is anything` : step.title}
      hideLabel
      hint={step.formHint ?? undefined}
      error={error ?? undefined}
    >
      {(control) => (
        <input
          {...control}
          data-quick-field=""
          autoComplete="off"
          inputMode={inputModes[step.input]}
          maxLength={step.maxLength ?? undefined}
          value={text}
          onChange={(event) => onType(stepField(step.stepId), event.target.value)}
        />
      )}
    </Field>
  )
}
