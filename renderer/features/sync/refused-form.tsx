import { useStore } from 'zustand'
import { Button } from '#renderer/ui/button.tsx'
import type { UnsentOperation } from '#shared/contract/records.ts'
import { type Part, partsOf } from './operation-words.ts'
import type { UnsentStore } from './unsent-store.ts'
import { ValueInput } from './value-input.tsx'

/** Put right what the council would not take and send it again, or keep the words as a note. */
export function RefusedForm({ store, row }: { readonly store: UnsentStore; readonly row: UnsentOperation }) {
  const { names, decisions, busy, edit, sendAgain, keepAsNote } = useStore(store)
  const { operation } = row
  const own = decisions[operation.id]?.edits ?? {}
  const parts = partsOf(operation, names)
  return (
    <form
      className="conflict"
      onSubmit={(event) => {
        event.preventDefault()
        void sendAgain(operation.id)
      }}
    >
      <dl className="facts small">
        {parts
          .filter(({ editable }) => !editable)
          .map(({ path, label, words }) => (
            <PartRow key={path} label={label} words={words} />
          ))}
      </dl>
      {parts
        .filter(({ editable }) => editable)
        .map((part) => (
          <ValueInput
            key={part.path}
            label={part.label}
            name={keyOf(part)}
            like={part.value}
            value={own[part.path] ?? part.value}
            onChange={(value) => edit(operation.id, part.path, value)}
          />
        ))}
      <div className="conflict__actions">
        <Button submit look="primary" disabled={busy}>
          Send it again
        </Button>
        <Button disabled={busy} onClick={() => void keepAsNote(operation.id)}>
          Keep it as a note instead
        </Button>
      </div>
    </form>
  )
}

const keyOf = ({ path }: Part): string => path.slice(path.lastIndexOf('.') + 1)

function PartRow({ label, words }: { readonly label: string; readonly words: string }) {
  return (
    <>
      <dt>{label}</dt>
      <dd className="unsent__words">{words}</dd>
    </>
  )
}
