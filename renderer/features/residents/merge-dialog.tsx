import { useState } from 'react'
import { useStore } from 'zustand'
import { Button } from '#renderer/ui/button.tsx'
import { errorWords } from '#renderer/ui/error-words.ts'
import { Field } from '#renderer/ui/field.tsx'
import { Notice } from '#renderer/ui/notice.tsx'
import { differingFields } from '#shared/cases/resident-record.ts'
import type { ResidentView } from '#shared/contract/records.ts'
import { type MergeField, mergeField, type Resident } from '#shared/contract/rest.ts'
import { DuplicateWords } from './duplicate-words.tsx'
import type { ResidentsShown, ResidentsStore } from './residents-store.ts'
import { fieldNames, residentWords } from './words.ts'

type Merging = Extract<ResidentsShown, { name: 'merge' }>

/** Two records of one person: chosen, laid side by side, and made one. */
export function MergeContent({ store, shown }: { readonly store: ResidentsStore; readonly shown: Merging }) {
  const { error, close } = useStore(store)
  const { kept, gone, take, moves } = shown
  return (
    <>
      {gone === null ? (
        <ChooseOther store={store} />
      ) : (
        <SideBySide store={store} kept={kept} gone={gone} take={take} moves={moves} />
      )}
      {error === null ? null : <Notice look="danger" title={errorWords(error)} alert />}
      {gone === null ? (
        <div className="dialog__actions">
          <Button onClick={close}>Cancel</Button>
        </div>
      ) : null}
    </>
  )
}

function ChooseOther({ store }: { readonly store: ResidentsStore }) {
  const { duplicates, otherText, others, findOther, chooseGone } = useStore(store)
  const more = others.filter(({ residentId }) => duplicates.every((each) => each.residentId !== residentId))
  return (
    <section aria-labelledby="other-record">
      <h2 id="other-record">Which record is the same person’s?</h2>
      <p className="small quiet" role="status">
        {duplicates.length === 0
          ? 'No other record of this desk has the same number, or the same name and address.'
          : 'These share something with the record in hand. Nothing is changed by looking.'}
      </p>
      <ul className="rows">
        {duplicates.map((duplicate) => (
          <li key={duplicate.residentId}>
            <DuplicateWords {...duplicate} />
            <Button className="button--small" onClick={() => void chooseGone(duplicate.residentId)}>
              Lay side by side
            </Button>
          </li>
        ))}
      </ul>
      <Field label="Find another record" hint="Name, telephone number, postcode or address">
        {(props) => (
          <input
            {...props}
            type="search"
            value={otherText}
            onChange={({ target }) => findOther(target.value)}
          />
        )}
      </Field>
      <ul className="rows" aria-label="Other records found" aria-live="polite">
        {more.map((hit) => (
          <li key={hit.residentId}>
            <span className="rows__words">
              <strong>{hit.title}</strong>
              <span className="small">{hit.detail}</span>
            </span>
            <Button className="button--small" onClick={() => void chooseGone(hit.residentId)}>
              Lay side by side
            </Button>
          </li>
        ))}
      </ul>
    </section>
  )
}

interface SideBySideProps {
  readonly store: ResidentsStore
  readonly kept: ResidentView
  readonly gone: ResidentView
  readonly take: readonly MergeField[]
  readonly moves: Merging['moves']
}

function SideBySide({ store, kept, gone, take, moves }: SideBySideProps) {
  const { busy, merge, chooseGone, setTake } = useStore(store)
  const [sure, setSure] = useState(false)
  const differing = differingFields(kept.resident, gone.resident, mergeField.options)
  const same = mergeField.options.filter(
    (field) => !differing.includes(field) && kept.resident[field] !== undefined,
  )
  return (
    <form
      className="resident-form"
      onSubmit={(event) => {
        event.preventDefault()
        if (sure) void merge()
      }}
    >
      <table className="merge">
        <caption className="visually-hidden">Where the two records differ</caption>
        <thead>
          <tr>
            <th scope="col">Field</th>
            <th scope="col">Stays: {nameOf(kept.resident)}</th>
            <th scope="col">Goes: {nameOf(gone.resident)}</th>
          </tr>
        </thead>
        <tbody>
          {differing.map((field) => (
            <MergeRow
              key={field}
              field={field}
              kept={kept.resident}
              gone={gone.resident}
              taken={take.includes(field)}
              onTake={(taken) => setTake(field, taken)}
            />
          ))}
        </tbody>
      </table>
      <p className="small quiet">
        {differing.length === 0 ? 'The two records say the same. ' : ''}
        {same.length === 0 ? '' : `The same in both: ${same.map((field) => fieldNames[field]).join(', ')}.`}
      </p>
      <section aria-labelledby="what-moves">
        <h2 id="what-moves">What moves</h2>
        <ul className="merge__moves small">
          {movesWords(gone, moves).map((words) => (
            <li key={words}>{words}</li>
          ))}
        </ul>
        <p className="small quiet">
          The record that goes stays as a pointer, so that nothing written of it is lost. To undo: open the
          record that stays and choose “Part them again”; what was moved goes back.
        </p>
      </section>
      <label className="check">
        <input type="checkbox" checked={sure} onChange={({ target }) => setSure(target.checked)} />
        <span>I am sure that both records are of the same person</span>
      </label>
      <div className="dialog__actions">
        <Button submit look="primary" disabled={busy || !sure}>
          Make them one record
        </Button>
        <Button onClick={() => void chooseGone(null)}>Choose another record</Button>
      </div>
    </form>
  )
}

const nameOf = ({ givenName, familyName }: Resident): string => `${givenName} ${familyName}`

interface MergeRowProps {
  readonly field: MergeField
  readonly kept: Resident
  readonly gone: Resident
  readonly taken: boolean
  readonly onTake: (taken: boolean) => void
}

function MergeRow({ field, kept, gone, taken, onTake }: MergeRowProps) {
  const isList = field === 'phones' || field === 'authorities'
  const option = (side: 'kept' | 'gone', words: string) => (
    <label className="merge__option">
      <input
        type="radio"
        name={`merge-${field}`}
        checked={taken === (side === 'gone')}
        onChange={() => onTake(side === 'gone')}
      />
      <span>
        {words}
        {isList && side === 'gone' ? <span className="small quiet"> (kept beside the others)</span> : null}
      </span>
    </label>
  )
  return (
    <tr>
      <th scope="row">{fieldNames[field]}</th>
      <td>{option('kept', residentWords(kept, field))}</td>
      <td>{option('gone', residentWords(gone, field))}</td>
    </tr>
  )
}

const counted = (count: number, one: string, many = `${one}s`): string =>
  `${count.toLocaleString('en-GB')} ${count === 1 ? one : many}`

/** Exactly what of the record that goes becomes the other's; as far as this desk holds it when nobody can be asked. */
function movesWords({ cases, resident }: ResidentView, moves: Merging['moves']): readonly string[] {
  if (moves !== null)
    return [
      counted(moves.cases, 'case'),
      counted(moves.contacts, 'contact'),
      counted(moves.timeline, 'entry of a timeline', 'entries of timelines'),
      counted(moves.callbacks, 'promised call'),
      `${counted(moves.warnings, 'warning')}; warnings always move`,
    ]
  const entries = cases.reduce((sum, { timeline }) => sum + timeline.length, 0)
  return [
    `${counted(cases.length, 'case')} with ${counted(entries, 'entry', 'entries')}, as far as this desk holds them`,
    `${counted(resident.warnings?.length ?? 0, 'warning')}; warnings always move`,
    'Contacts and promised calls, also those that are not on this desk',
  ]
}
