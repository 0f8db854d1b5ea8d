import { statusWords } from '#renderer/ui/case-words.ts'
import { Field } from '#renderer/ui/field.tsx'
import type { FieldValue } from '#shared/contract/rest.ts'

export interface ValueInputProps {
  readonly label: string
  /** Of the field: decides what can be chosen. */
  readonly name: string
  /** A value of the kind that the field holds. */
  readonly like: FieldValue
  readonly value: FieldValue
  readonly onChange: (value: FieldValue) => void
}

/** One value of a record, entered as what it is. */
export function ValueInput({ label, name, like, value, onChange }: ValueInputProps) {
  return (
    <Field label={label}>
      {(control) =>
        name === 'status' || typeof like === 'boolean' ? (
          <select
            {...control}
            value={String(value)}
            onChange={({ target }) => onChange(name === 'status' ? target.value : target.value === 'true')}
          >
            {optionsOf(name).map(([key, words]) => (
              <option key={key} value={key}>
                {words}
              </option>
            ))}
          </select>
        ) : isLong(value) ? (
          <textarea
            {...control}
            rows={4}
            value={textOf(value)}
            onChange={({ target }) => onChange(entered(target.value, like))}
          />
        ) : (
          <input
            {...control}
            type={typeof like === 'number' ? 'number' : 'text'}
            value={textOf(value)}
            onChange={({ target }) => onChange(entered(target.value, like))}
          />
        )
      }
    </Field>
  )
}

const optionsOf = (name: string): readonly (readonly [string, string])[] =>
  name === 'status'
    ? Object.entries(statusWords)
    : [
        ['true', 'Yes'],
        ['false', 'No'],
      ]

const isLong = (value: FieldValue): boolean =>
  Array.isArray(value) || (typeof value === 'string' && (value.length > 60 || value.includes('\n')))

const textOf = (value: FieldValue): string =>
  value === null ? '' : Array.isArray(value) ? value.join('\n') : String(value)

function entered(text: string, like: FieldValue): FieldValue {
  if (typeof like === 'number') return text.trim() === '' ? null : Number(text)
  if (Array.isArray(like)) return text.split('\n')
  return text
}
