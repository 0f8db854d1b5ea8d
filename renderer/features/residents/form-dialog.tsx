import { useStore } from 'zustand'
import { Button } from '#renderer/ui/button.tsx'
import { errorWords } from '#renderer/ui/error-words.ts'
import { Field } from '#renderer/ui/field.tsx'
import { Notice } from '#renderer/ui/notice.tsx'
import { spokenNumber } from '#renderer/ui/telephone.ts'
import { DuplicateWords } from './duplicate-words.tsx'
import type { Duplicate } from './likely-duplicates.ts'
import type { ResidentForm } from './resident-form.ts'
import type { ResidentsStore, SharedNumber } from './residents-store.ts'
import { assistanceNames } from './words.ts'

/** A new resident, or the details of one; whoever may be the same person stands beside it as it is typed. */
export function FormContent({ store, isNew }: { readonly store: ResidentsStore; readonly isNew: boolean }) {
  const { duplicates, sharedNumbers, busy, error, errors, save, close } = useStore(store)
  const wrong = Object.keys(errors).length
  return (
    <form
      className="resident-form"
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        void save()
      }}
    >
      <div className="resident-form__columns">
        <Fields store={store} />
        <div className="resident-form__beside">
          <Duplicates store={store} duplicates={duplicates} isNew={isNew} />
          <SharedNumbers shared={sharedNumbers} />
        </div>
      </div>
      {wrong === 0 ? null : (
        <Notice
          look="danger"
          title={wrong === 1 ? 'One thing is to be put right' : `${wrong} things are to be put right`}
          alert
        />
      )}
      {error === null ? null : <Notice look="danger" title={errorWords(error)} alert />}
      <div className="dialog__actions">
        <Button submit look="primary" disabled={busy}>
          {isNew ? (duplicates.length === 0 ? 'Make the record' : 'Make a new record all the same') : 'Save'}
        </Button>
        <Button onClick={close}>Cancel</Button>
      </div>
    </form>
  )
}

function Fields({ store }: { readonly store: ResidentsStore }) {
  const { form, fill } = useStore(store)
  const text = (name: TextField, label: string, extra: Partial<TextInputProps> = {}) => (
    <TextInput store={store} name={name} label={label} {...extra} />
  )
  return (
    <div className="resident-form__fields">
      <div className="resident-form__row">
        {text('title', 'Title', { hint: 'if they use one' })}
        {text('givenName', 'First name')}
        {text('familyName', 'Last name')}
      </div>
      {text('phones', 'Telephone', { lines: 2, hint: 'one number a line' })}
      {text('email', 'Email', { type: 'email' })}
      {text('line1', 'Address, first line')}
      <div className="resident-form__row">
        {text('town', 'Town')}
        {text('postcode', 'Postcode')}
        {text('uprn', 'UPRN', { hint: 'if known' })}
      </div>
      <div className="resident-form__row">
        {text('dateOfBirth', 'Date of birth', { type: 'date', hint: 'for identity checks' })}
        <Field label="Language">
          {(control) => (
            <select
              {...control}
              value={form.language}
              onChange={({ target }) => fill({ language: target.value === 'cy' ? 'cy' : 'en' })}
            >
              <option value="en">English</option>
              <option value="cy">Welsh</option>
            </select>
          )}
        </Field>
        <Field label="Help with calls">
          {(control) => (
            <select
              {...control}
              value={form.assistance}
              onChange={({ target }) => fill({ assistance: target.value as ResidentForm['assistance'] })}
            >
              <option value="">none</option>
              {Object.entries(assistanceNames).map(([value, words]) => (
                <option key={value} value={value}>
                  {words}
                </option>
              ))}
            </select>
          )}
        </Field>
      </div>
    </div>
  )
}

type TextField = Exclude<keyof ResidentForm, 'language' | 'assistance'>

interface TextInputProps {
  readonly store: ResidentsStore
  readonly name: TextField
  readonly label: string
  readonly hint?: string
  readonly type?: 'text' | 'email' | 'date'
  readonly lines?: number
}

function TextInput({ store, name, label, hint, type = 'text', lines }: TextInputProps) {
  const { form, errors, fill } = useStore(store)
  return (
    <Field label={label} hint={hint} error={errors[name]}>
      {(control) =>
        lines === undefined ? (
          <input
            {...control}
            type={type}
            autoComplete="off"
            value={form[name]}
            onChange={({ target }) => fill({ [name]: target.value })}
          />
        ) : (
          <textarea
            {...control}
            rows={lines}
            value={form[name]}
            onChange={({ target }) => fill({ [name]: target.value })}
          />
        )
      }
    </Field>
  )
}

interface DuplicatesProps {
  readonly store: ResidentsStore
  readonly duplicates: readonly Duplicate[]
  readonly isNew: boolean
}

function Duplicates({ store, duplicates, isNew }: DuplicatesProps) {
  const { takeInstead } = useStore(store)
  return (
    <section aria-labelledby="same-person">
      <h2 id="same-person">{isNew ? 'Is it one of these?' : 'May be the same person'}</h2>
      <p className="small quiet" role="status">
        {duplicates.length === 0
          ? 'Nobody like this is in this desk’s records.'
          : duplicates.length === 1
            ? 'One person may be the same.'
            : `${duplicates.length} people may be the same.`}
      </p>
      <ul className="rows">
        {duplicates.map((duplicate) => (
          <li key={duplicate.residentId}>
            <DuplicateWords {...duplicate} />
            {isNew ? (
              <Button className="button--small" onClick={() => takeInstead(duplicate.residentId)}>
                Use this one
              </Button>
            ) : null}
          </li>
        ))}
      </ul>
    </section>
  )
}

/** Several people on one number are usual: a household, a landlord, a carer. */
function SharedNumbers({ shared }: { readonly shared: readonly SharedNumber[] }) {
  if (shared.length === 0) return null
  return (
    <section aria-labelledby="shared-numbers">
      <h2 id="shared-numbers">Numbers that others have too</h2>
      <ul className="resident-form__shared small">
        {shared.map(({ number, others }) => (
          <li key={number}>
            <span className="figures">{spokenNumber(number)}</span>:{' '}
            {others.map(({ name }) => name).join(', ')}
          </li>
        ))}
      </ul>
    </section>
  )
}
