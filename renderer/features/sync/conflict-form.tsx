import { useStore } from 'zustand'
import { Button } from '#renderer/ui/button.tsx'
import { fieldWords } from '#renderer/ui/case-words.ts'
import { timeToSecond, useNow, when } from '#renderer/ui/time.ts'
import type { FieldChoice, UnsentOperation } from '#shared/contract/records.ts'
import type { ConflictField, FieldValue } from '#shared/contract/rest.ts'
import { wordsOf } from './operation-words.ts'
import type { UnsentStore } from './unsent-store.ts'
import { ValueInput } from './value-input.tsx'

interface ConflictFormProps {
  readonly store: UnsentStore
  readonly row: UnsentOperation
  readonly standing: Extract<UnsentOperation['standing'], { name: 'conflict' }>
}

/** Field by field: mine, theirs, who and when; what is chosen goes out as a change of the newest version. */
export function ConflictForm({ store, row, standing }: ConflictFormProps) {
  const { decisions, busy, decide } = useStore(store)
  const own = decisions[row.operation.id]?.choices ?? {}
  if (!('change' in row.operation)) return <StaysAsItIs store={store} row={row} standing={standing} />
  const open = standing.fields.filter(({ field }) => own[field] === undefined).length
  return (
    <form
      className="conflict"
      onSubmit={(event) => {
        event.preventDefault()
        if (open === 0) void decide(row.operation.id)
      }}
    >
      {standing.fields.map((field) => (
        <ConflictChoice key={field.field} store={store} row={row} field={field} choice={own[field.field]} />
      ))}
      <p className="small quiet">
        Fields that nobody else changed have been taken.
        {standing.confirmed
          ? ''
          : ' This desk has not read the council’s newest version yet; you can decide all the same.'}
      </p>
      <div className="conflict__actions">
        <Button submit look="primary" disabled={busy || open > 0}>
          {open === 0 ? 'Decide' : open === 1 ? 'One field to choose' : `${open} fields to choose`}
        </Button>
      </div>
    </form>
  )
}

/** What was changed between a merge and its undoing keeps its newer value; that is all there is to say. */
function StaysAsItIs({ store, row, standing }: ConflictFormProps) {
  const { names, busy, decide } = useStore(store)
  return (
    <div className="conflict">
      <p>These were changed since and stay as they are now:</p>
      <dl className="facts small">
        {standing.fields.map(({ field, mine, theirs, by }) => (
          <FieldThatStays
            key={field}
            label={labelOf(field)}
            words={`${wordsOf(field, theirs, names)} (${by ?? 'the council’s system'}); it was ${wordsOf(field, mine, names)}`}
          />
        ))}
      </dl>
      <div className="conflict__actions">
        <Button look="primary" disabled={busy} onClick={() => void decide(row.operation.id)}>
          Read: take it off this list
        </Button>
      </div>
    </div>
  )
}

function FieldThatStays({ label, words }: { readonly label: string; readonly words: string }) {
  return (
    <>
      <dt>{label}</dt>
      <dd>{words}</dd>
    </>
  )
}

interface ConflictChoiceProps {
  readonly store: UnsentStore
  readonly row: UnsentOperation
  readonly field: ConflictField
  readonly choice: FieldChoice | undefined
}

function ConflictChoice({ store, row, field, choice }: ConflictChoiceProps) {
  const { names, setChoice } = useStore(store)
  const now = useNow()
  const { id } = row.operation
  const key = field.field.slice(field.field.lastIndexOf('.') + 1)
  const words = (value: FieldValue) => wordsOf(key, value, names)
  const set = (next: FieldChoice) => setChoice(id, field.field, next)
  const group = `${id}-${field.field}`
  const written = choice?.name === 'other' ? choice.value : field.mine
  return (
    <fieldset className="conflict__field">
      <legend>{labelOf(field.field)}</legend>
      <div className="conflict__pair">
        <Option
          group={group}
          checked={choice?.name === 'mine'}
          title="Keep mine"
          who={`you, ${when(row.operation.at, now)} ${timeIfOlder(row.operation.at, now)}`}
          words={words(field.mine)}
          onChoose={() => set({ name: 'mine' })}
        />
        <Option
          group={group}
          checked={choice?.name === 'theirs'}
          title="Take theirs"
          who={`${field.by ?? 'the council’s system'}, ${when(field.at, now)} ${timeIfOlder(field.at, now)}`}
          words={words(field.theirs)}
          onChoose={() => set({ name: 'theirs' })}
        />
      </div>
      <Option
        group={group}
        checked={choice?.name === 'other'}
        title="Write another"
        who=""
        words=""
        onChoose={() => set({ name: 'other', value: written })}
      />
      {choice?.name === 'other' ? (
        <ValueInput
          label={`${labelOf(field.field)}: what stands`}
          name={key}
          like={field.mine ?? field.theirs}
          value={choice.value}
          onChange={(value) => set({ name: 'other', value })}
        />
      ) : null}
    </fieldset>
  )
}

const labelOf = (field: string): string => {
  const name = field.slice(field.lastIndexOf('.') + 1)
  return { residentId: 'Resident', assignedTo: 'Assigned to' }[name] ?? fieldWords(name)
}

/** The time of day beside a date; today's is the time already. */
const timeIfOlder = (at: string, now: number): string =>
  new Date(at).toDateString() === new Date(now).toDateString() ? '' : timeToSecond(at)

interface OptionProps {
  readonly group: string
  readonly checked: boolean
  readonly title: string
  readonly who: string
  readonly words: string
  readonly onChoose: () => void
}

function Option({ group, checked, title, who, words, onChoose }: OptionProps) {
  return (
    <label className={checked ? 'conflict__option conflict__option--chosen' : 'conflict__option'}>
      <input type="radio" name={group} checked={checked} onChange={onChoose} />
      <span className="conflict__words">
        <strong>{title}</strong>
        {words === '' ? null : <span className="unsent__words">{words}</span>}
        {who.trim() === '' ? null : <span className="small quiet">{who.trim()}</span>}
      </span>
    </label>
  )
}
