import { useState } from 'react'
import { useStore } from 'zustand'
import { Button } from '#renderer/ui/button.tsx'
import { errorWords } from '#renderer/ui/error-words.ts'
import { Field } from '#renderer/ui/field.tsx'
import { Notice } from '#renderer/ui/notice.tsx'
import { useNow } from '#renderer/ui/time.ts'
import type { Warning } from '#shared/contract/rest.ts'
import type { ResidentsStore, SavedWarning } from './residents-store.ts'
import { WarningFacts } from './warning-marks.tsx'
import { warningKinds, warningWords } from './words.ts'

type Editing = 'none' | { readonly name: 'save' | 'remove'; readonly warning: Warning | null }

/** The warnings about one resident: to be added, looked at again, and removed with a reason. */
export function WarningsContent({
  store,
  residentId,
}: {
  readonly store: ResidentsStore
  readonly residentId: string
}) {
  const { warnings, error, close } = useStore(store)
  const [editing, setEditing] = useState<Editing>('none')
  const own = warnings.get(residentId) ?? []
  const done = () => setEditing('none')
  return (
    <>
      {own.length === 0 ? <p>There is no warning about this resident.</p> : null}
      <ul className="warnings">
        {own.map((warning) => (
          <li key={warning.id} className="warnings__item">
            <WarningFacts warning={warning} />
            <div className="dialog__actions">
              <Button className="button--small" onClick={() => setEditing({ name: 'save', warning })}>
                Review or change
              </Button>
              <Button
                className="button--small"
                look="plain"
                onClick={() => setEditing({ name: 'remove', warning })}
              >
                Remove…
              </Button>
            </div>
          </li>
        ))}
      </ul>
      {editing === 'none' ? null : editing.name === 'save' ? (
        <WarningForm
          key={editing.warning?.id ?? 'new'}
          store={store}
          residentId={residentId}
          before={editing.warning}
          onDone={done}
        />
      ) : editing.warning === null ? null : (
        <RemoveForm store={store} residentId={residentId} warning={editing.warning} onDone={done} />
      )}
      {error === null ? null : <Notice look="danger" title={errorWords(error)} alert />}
      <div className="dialog__actions">
        {editing === 'none' ? (
          <Button look="primary" onClick={() => setEditing({ name: 'save', warning: null })}>
            Add a warning
          </Button>
        ) : null}
        <Button onClick={close}>Close</Button>
      </div>
    </>
  )
}

interface WarningFormProps {
  readonly store: ResidentsStore
  readonly residentId: string
  readonly before: Warning | null
  readonly onDone: () => void
}

const dayMs = 86_400_000
const dateIn = (now: number, days: number): string => new Date(now + days * dayMs).toISOString().slice(0, 10)

function WarningForm({ store, residentId, before, onDone }: WarningFormProps) {
  const { busy, saveWarning } = useStore(store)
  const now = useNow()
  const [form, setForm] = useState<SavedWarning>(
    before === null
      ? {
          id: null,
          kind: 'two-person-visit',
          reason: '',
          owner: '',
          reviewBy: dateIn(now, 90),
          expiresAt: dateIn(now, 365),
        }
      : { ...before },
  )
  const set = (fields: Partial<SavedWarning>) => setForm({ ...form, ...fields })
  const isComplete = form.reason.trim() !== '' && form.owner.trim() !== '' && form.reviewBy !== ''
  return (
    <form
      className="resident-form warnings__form"
      onSubmit={(event) => {
        event.preventDefault()
        if (!isComplete) return
        const { id, kind, reason, owner, reviewBy, expiresAt } = form
        void saveWarning(residentId, {
          id,
          kind,
          reason: reason.trim(),
          owner: owner.trim(),
          reviewBy,
          expiresAt,
        }).then((saved) => {
          if (saved) onDone()
        })
      }}
    >
      <h2>{before === null ? 'New warning' : 'Review of the warning'}</h2>
      <div className="resident-form__row">
        <Field label="Kind">
          {(control) => (
            <select {...control} value={form.kind} onChange={({ target }) => set({ kind: target.value })}>
              {warningKinds.map((kind) => (
                <option key={kind} value={kind}>
                  {warningWords(kind)}
                </option>
              ))}
            </select>
          )}
        </Field>
        <Field label="Owner" hint="person or team that answers for it">
          {(control) => (
            <input {...control} value={form.owner} onChange={({ target }) => set({ owner: target.value })} />
          )}
        </Field>
      </div>
      <Field label="Reason" hint="Facts that colleagues need to be safe. The resident may ask to read it.">
        {(control) => (
          <textarea
            {...control}
            rows={3}
            maxLength={1000}
            value={form.reason}
            onChange={({ target }) => set({ reason: target.value })}
          />
        )}
      </Field>
      <div className="resident-form__row">
        <Field label="Look at it again by">
          {(control) => (
            <input
              {...control}
              type="date"
              value={form.reviewBy}
              onChange={({ target }) => set({ reviewBy: target.value })}
            />
          )}
        </Field>
        <Field label="Ends on" hint="empty: when somebody removes it">
          {(control) => (
            <input
              {...control}
              type="date"
              value={form.expiresAt ?? ''}
              onChange={({ target }) => set({ expiresAt: target.value || null })}
            />
          )}
        </Field>
      </div>
      <div className="resident-form__actions">
        <Button submit look="primary" disabled={busy || !isComplete}>
          Save the warning
        </Button>
        <Button onClick={onDone}>Leave it</Button>
      </div>
    </form>
  )
}

interface RemoveFormProps {
  readonly store: ResidentsStore
  readonly residentId: string
  readonly warning: Warning
  readonly onDone: () => void
}

function RemoveForm({ store, residentId, warning, onDone }: RemoveFormProps) {
  const { busy, removeWarning } = useStore(store)
  const [reason, setReason] = useState('')
  return (
    <form
      className="resident-form warnings__form"
      onSubmit={(event) => {
        event.preventDefault()
        if (reason.trim() === '') return
        void removeWarning(residentId, warning.id, reason.trim()).then((removed) => {
          if (removed) onDone()
        })
      }}
    >
      <Field label={`Why “${warningWords(warning.kind)}” is removed`}>
        {(control) => (
          <textarea {...control} rows={2} value={reason} onChange={({ target }) => setReason(target.value)} />
        )}
      </Field>
      <div className="resident-form__actions">
        <Button submit look="danger" disabled={busy || reason.trim() === ''}>
          Remove the warning
        </Button>
        <Button onClick={onDone}>Keep it</Button>
      </div>
    </form>
  )
}
