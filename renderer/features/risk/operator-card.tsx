import { useStore } from 'zustand'
import { Field } from '#renderer/ui/field.tsx'
import { factLine, type RiskFact, wordsForOperator } from '#shared/cases/risk.ts'
import type { RiskStore } from './risk-store.ts'
import type { KnownPerson, PaneCalls } from './words.ts'

export interface OperatorCardProps {
  readonly store: RiskStore
  readonly known: KnownPerson
  readonly council: string
  readonly adviser: string
  readonly calls: PaneCalls
}

/** Where the person is and what to say to the operator, made of it as it is typed. */
export function OperatorCard({ store, known, council, adviser, calls }: OperatorCardProps) {
  const { typed } = useStore(store)
  const place = typed.place ?? known.place
  const words = wordsForOperator(
    {
      place: place.trim(),
      number: (typed.number ?? known.number).trim(),
      name: (typed.name ?? known.name).trim(),
      said: (typed.said ?? '').trim(),
      onTheLine: calls.resident !== null && calls.resident.state !== 'ended',
    },
    { council, adviser },
  )
  return (
    <>
      <section className="risk__person" aria-label="The person">
        <Box
          store={store}
          name="place"
          label="Where are they now?"
          known={known.place}
          hint={placeHint(known.place, typed.place)}
        />
        <div className="risk__pair">
          <Box store={store} name="number" label="Their number" known={known.number} />
          <Box store={store} name="name" label="Their name" known={known.name} />
        </div>
        <Box store={store} name="said" label="What is happening, in a few words" known="" />
      </section>
      <section className="risk__words read-aloud" aria-labelledby="risk-words">
        <h2 id="risk-words" className="small">
          Say to the operator
        </h2>
        {words.map((sentence) => (
          <p key={sentence} className="risk__sentence">
            {sentence}
          </p>
        ))}
      </section>
    </>
  )
}

function placeHint(known: string, typed: string | undefined): string {
  if (known === '') return 'House, street, town and postcode, or what they can see around them'
  return typed === undefined || typed === known
    ? 'From their record. Ask whether they are there now.'
    : `Their record says ${known}`
}

interface BoxProps {
  readonly store: RiskStore
  readonly name: RiskFact
  readonly label: string
  readonly known: string
  readonly hint?: string
}

/** Leaving the box writes what it says into the log, when that is new. */
function Box({ store, name, label, known, hint }: BoxProps) {
  const { typed, type, write, log } = useStore(store)
  const value = typed[name] ?? known
  const keep = () => {
    const line = factLine(name, value.trim())
    if (typed[name] === undefined || value.trim() === '' || log.some(({ text }) => text === line)) return
    void write(line)
  }
  return (
    <Field label={label} hint={hint}>
      {(control) => (
        <input
          {...control}
          autoComplete="off"
          value={value}
          onChange={(event) => type(name, event.target.value)}
          onBlur={keep}
          onKeyDown={(event) => {
            if (event.key === 'Enter') keep()
          }}
        />
      )}
    </Field>
  )
}
