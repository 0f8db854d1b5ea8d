import { useState } from 'react'
import { useStore } from 'zustand'
import { Button } from '#renderer/ui/button.tsx'
import { Field } from '#renderer/ui/field.tsx'
import { timeOfDay } from '#renderer/ui/time.ts'
import { checkItemWords, checkProgress, checkState, warningWords } from './readiness-words.ts'
import type { CallsStore } from './store.ts'

/** One quiet line on how the check before the shift stands. It keeps its place, so nothing moves when it is done. */
export function CheckLine({ store }: { readonly store: CallsStore }) {
  const { snapshot, execute } = useStore(store)
  const check = snapshot?.check ?? null
  const state = checkState(check)
  if (check === null) return null
  const warning = warningWords(check)
  return (
    <p className="check-line small quiet">
      {state === 'running'
        ? `Checking your telephone: ${checkProgress(check)}.`
        : state === 'green'
          ? `Telephone checked at ${timeOfDay(check.finishedAt ?? check.startedAt)}: ${warning ?? 'all is well'}.`
          : state === 'overridden'
            ? `You went on in spite of the check: ${check.override?.reason ?? ''}.`
            : 'The check of your telephone found something.'}{' '}
      {state === 'running' ? null : (
        <Button look="plain" onClick={() => void execute({ name: 'runReadinessCheck' })}>
          Check again
        </Button>
      )}
    </p>
  )
}

/** The check before a shift, item by item, until it is green or the adviser goes on with a reason. */
export function ReadinessPanel({
  store,
  onDevices,
}: {
  readonly store: CallsStore
  readonly onDevices: () => void
}) {
  const { snapshot, execute } = useStore(store)
  const check = snapshot?.check ?? null
  const state = checkState(check)
  if (check === null || state === 'none' || state === 'green' || state === 'overridden') return null
  return (
    <section className="readiness" aria-labelledby="readiness-heading">
      <h2 id="readiness-heading">
        {state === 'running' ? 'Check before your shift' : 'The check before your shift found something'}
      </h2>
      <ul className="readiness__items">
        {check.items.map((item) => {
          const words = checkItemWords(item)
          return (
            <li key={item.item}>
              <span
                className={`dot dot--${words.tone}${item.outcome === 'waiting' || item.outcome === 'running' ? '' : ' dot--full'}`}
                aria-hidden="true"
              />
              <span className="readiness__name">{words.name}</span>
              <span className={`words--${words.tone}`}>{words.outcome}</span>
              <span className="small quiet figures">{words.figure}</span>
              {words.whatToDo === null ? null : <span className="small readiness__do">{words.whatToDo}</span>}
            </li>
          )
        })}
      </ul>
      {state === 'running' ? null : (
        <>
          <div className="dialog__actions">
            <Button look="primary" onClick={() => void execute({ name: 'runReadinessCheck' })}>
              Check again
            </Button>
            <Button onClick={onDevices}>Sound devices</Button>
          </div>
          <GoOn onGoOn={(reason) => void execute({ name: 'overrideReadiness', reason })} />
        </>
      )}
    </section>
  )
}

const shortestReason = 3

function GoOn({ onGoOn }: { readonly onGoOn: (reason: string) => void }) {
  const [reason, setReason] = useState('')
  const enough = reason.trim().length >= shortestReason
  return (
    <form
      className="give-up"
      onSubmit={(event) => {
        event.preventDefault()
        if (enough) onGoOn(reason.trim())
      }}
    >
      <Field label="Or go on with a reason" hint="It is kept with your name and what the check found.">
        {(control) => (
          <input
            {...control}
            maxLength={300}
            value={reason}
            onChange={(event) => setReason(event.target.value)}
          />
        )}
      </Field>
      <Button submit disabled={!enough}>
        Go on all the same
      </Button>
    </form>
  )
}
