import { type ReactNode, useId } from 'react'

export interface FieldProps {
  readonly label: string
  readonly hint?: string | undefined
  readonly error?: string | undefined
  readonly hideLabel?: boolean
  /** Gets the ids that tie the control to its label, hint and error. */
  readonly children: (control: {
    id: string
    className: string
    'aria-describedby'?: string
    'aria-invalid'?: true
  }) => ReactNode
}

/** Label, hint and error around one control. */
export function Field({ label, hint, error, hideLabel, children }: FieldProps) {
  const id = useId()
  const described = [hint === undefined ? '' : `${id}-hint`, error === undefined ? '' : `${id}-error`]
    .filter(Boolean)
    .join(' ')
  return (
    <div className="field">
      <label className={hideLabel ? 'visually-hidden' : 'field__label'} htmlFor={id}>
        {label}
      </label>
      {hint === undefined ? null : (
        <span className="field__hint" id={`${id}-hint`}>
          {hint}
        </span>
      )}
      {error === undefined ? null : (
        <span className="field__error" id={`${id}-error`} role="alert">
          {error}
        </span>
      )}
      {children({
        id,
        className: error === undefined ? 'input' : 'input input--error',
        ...(described === '' ? {} : { 'aria-describedby': described }),
        ...(error === undefined ? {} : { 'aria-invalid': true }),
      })}
    </div>
  )
}
