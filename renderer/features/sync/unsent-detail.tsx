import { useState } from 'react'
import { useStore } from 'zustand'
import { Button } from '#renderer/ui/button.tsx'
import { Notice } from '#renderer/ui/notice.tsx'
import { ago, timeToSecond, useNow } from '#renderer/ui/time.ts'
import type { UnsentOperation } from '#shared/contract/records.ts'
import { ConflictForm } from './conflict-form.tsx'
import { givenUp } from './decisions.ts'
import { InSight } from './in-sight.tsx'
import { partsOf, subjectWords, titleOf } from './operation-words.ts'
import { RefusedForm } from './refused-form.tsx'
import { standingWords } from './standing-words.ts'
import type { UnsentStore } from './unsent-store.ts'

/** One change that is not sent: how it stands, all it says, and the decision it needs. */
export function UnsentDetail({ store, row }: { readonly store: UnsentStore; readonly row: UnsentOperation }) {
  const { rows, names, busy } = useStore(store)
  const now = useNow()
  const [discarding, setDiscarding] = useState(false)
  const { operation, standing } = row
  const title = titleOf(operation)
  const isTold = standing.name === 'refused'

  return (
    <section className="unsent__detail" aria-label={title}>
      <div>
        <h2>{title}</h2>
        <p>{subjectWords(operation, names)}</p>
      </div>
      <p className={standing.name === 'waiting' || standing.name === 'blocked' ? '' : 'words--attention'}>
        {standingWords(row, rows ?? [], names)}
      </p>
      <p className="small quiet figures">
        Saved here at {timeToSecond(row.savedAt)}, {ago(now - row.savedAt)}. It is kept on this desk twice
        until the council has it.
      </p>
      {standing.name === 'conflict' ? (
        <ConflictForm store={store} row={row} standing={standing} />
      ) : isTold ? (
        <RefusedForm store={store} row={row} />
      ) : (
        <dl className="facts small">
          {partsOf(operation, names).map(({ path, label, words }) => (
            <FactRow key={path} label={label} words={words} />
          ))}
        </dl>
      )}
      {discarding ? (
        <DiscardQuestion store={store} row={row} onDone={() => setDiscarding(false)} />
      ) : (
        <div>
          <Button look="plain" disabled={busy} onClick={() => setDiscarding(true)}>
            Discard this change…
          </Button>
        </div>
      )}
    </section>
  )
}

function FactRow({ label, words }: { readonly label: string; readonly words: string }) {
  return (
    <>
      <dt>{label}</dt>
      <dd className="unsent__words">{words}</dd>
    </>
  )
}

/** Names exactly what is lost, and what goes on without it. */
function DiscardQuestion({
  store,
  row,
  onDone,
}: {
  readonly store: UnsentStore
  readonly row: UnsentOperation
  readonly onDone: () => void
}) {
  const { rows, names, discard } = useStore(store)
  const { lost, freed } = givenUp(rows ?? [], row.operation.id)
  const lines = (list: readonly UnsentOperation[]) => (
    <ul className="unsent__lost small">
      {list.map(({ operation }) => (
        <li key={operation.id}>
          <strong>{titleOf(operation)}</strong>, {subjectWords(operation, names)}:{' '}
          {partsOf(operation, names)
            .map(({ label, words }) => `${label} ${words}`)
            .join('; ')}
        </li>
      ))}
    </ul>
  )
  return (
    <InSight>
      <Notice
        look="danger"
        title={
          lost.length === 1 ? 'This is lost when you discard it' : `These ${lost.length} changes are lost`
        }
        alert
        actions={
          <>
            <Button
              look="danger"
              onClick={() => {
                onDone()
                void discard(row.operation.id)
              }}
            >
              {lost.length === 1 ? 'Discard it' : `Discard all ${lost.length}`}
            </Button>
            <Button autoFocus onClick={onDone}>
              Keep it
            </Button>
          </>
        }
      >
        {lines(lost)}
        {freed.length === 0 ? null : (
          <>
            <p className="small">These are sent all the same, but without that record:</p>
            {lines(freed)}
          </>
        )}
        {row.tries === 0 ? null : (
          <p className="small">
            It has been tried. If the council has taken it and only the answer was lost, it stays there.
          </p>
        )}
      </Notice>
    </InSight>
  )
}
