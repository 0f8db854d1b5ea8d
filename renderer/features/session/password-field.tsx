import { Field } from '#renderer/ui/field.tsx'

export interface PasswordFieldProps {
  readonly value: string
  readonly onChange: (value: string) => void
}

/** The adviser's own password, which a password manager may fill in. */
export function PasswordField({ value, onChange }: PasswordFieldProps) {
  return (
    <Field label="Password">
      {(control) => (
        <input
          {...control}
          type="password"
          name="password"
          autoComplete="current-password"
          required
          value={value}
          onChange={(event) => onChange(event.target.value)}
        />
      )}
    </Field>
  )
}
