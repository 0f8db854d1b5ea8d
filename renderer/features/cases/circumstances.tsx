import { Field } from '#renderer/ui/field.tsx'
import type { Draft } from '#shared/contract/draft.ts'
import type { Assistance } from '#shared/contract/rest.ts'

export interface CircumstancesProps {
  readonly draft: Draft
  readonly onSpeaker: (speaker: Draft['speaker']) => void
  readonly onAssistance: (assistance: Draft['assistance']) => void
}

const parties: readonly { readonly value: Draft['speaker']['party']; readonly label: string }[] = [
  { value: 'resident', label: 'The resident' },
  { value: 'third-party', label: 'Somebody for them' },
  { value: 'councillor', label: 'Their councillor' },
]

const helps: readonly { readonly value: Assistance | 'none'; readonly label: string }[] = [
  { value: 'none', label: 'Nobody else' },
  { value: 'relay', label: 'Relay UK' },
  { value: 'interpreter', label: 'An interpreter' },
  { value: 'sign-language', label: 'A sign language interpreter' },
]

/** Who speaks and who helps them. The identity check asks by it, and the words above the script follow it. */
export function Circumstances({ draft, onSpeaker, onAssistance }: CircumstancesProps) {
  const { speaker, assistance } = draft
  return (
    <details className="circumstances">
      <summary className="small">
        Speaking: {labelOf(parties, speaker.party)}
        {assistance === null ? '' : `, helped by ${labelOf(helps, assistance)}`}
      </summary>
      <fieldset className="circumstances__choices">
        <legend className="visually-hidden">Who is on the call</legend>
        <Field label="Speaking">
          {(control) => (
            <select
              {...control}
              value={speaker.party}
              onChange={(event) => {
                const chosen = parties.find(({ value }) => value === event.target.value)
                if (chosen !== undefined) onSpeaker({ party: chosen.value, name: '' })
              }}
            >
              {parties.map(({ value, label }) => (
                <option key={value} value={value}>
                  {label}
                </option>
              ))}
            </select>
          )}
        </Field>
        <Field label="Helped by">
          {(control) => (
            <select
              {...control}
              value={assistance ?? 'none'}
              onChange={(event) => {
                const chosen = helps.find(({ value }) => value === event.target.value)
                onAssistance(chosen === undefined || chosen.value === 'none' ? null : chosen.value)
              }}
            >
              {helps.map(({ value, label }) => (
                <option key={value} value={value}>
                  {label}
                </option>
              ))}
            </select>
          )}
        </Field>
        {speaker.party === 'resident' ? null : (
          <Field label={speaker.party === 'councillor' ? 'Councillor’s name' : 'Their own name'}>
            {(control) => (
              <input
                {...control}
                autoComplete="off"
                maxLength={200}
                value={speaker.name}
                onChange={(event) => onSpeaker({ ...speaker, name: event.target.value })}
              />
            )}
          </Field>
        )}
      </fieldset>
    </details>
  )
}

/** As it reads within a sentence. */
function labelOf(list: readonly { readonly value: string; readonly label: string }[], value: string): string {
  const label = list.find((each) => each.value === value)?.label ?? ''
  return label === 'Relay UK' ? label : label.charAt(0).toLowerCase() + label.slice(1)
}
