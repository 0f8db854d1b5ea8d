import { type FormEvent, useState } from 'react'
import { useStore } from 'zustand'
import { Button } from '#renderer/ui/button.tsx'
import { Dialog } from '#renderer/ui/dialog.tsx'
import { errorWords } from '#renderer/ui/error-words.ts'
import { Field } from '#renderer/ui/field.tsx'
import { Notice } from '#renderer/ui/notice.tsx'
import type { CallsStore } from './store.ts'
import type { PassOnCommand, TelephoneStore } from './telephone.ts'

export interface PassOnDialogProps {
  readonly store: CallsStore
  readonly telephone: TelephoneStore
  readonly command: PassOnCommand
  readonly to: string
  /** What the colleague is told, a line each. */
  readonly along: readonly string[]
}

/** Saves for the colleague what is known of the call and why it comes to them, then passes it on. */
export function PassOnDialog({ store, telephone, command, to, along }: PassOnDialogProps) {
  const { execute, error } = useStore(store)
  const { close, saveHandOver } = useStore(telephone)
  const [reason, setReason] = useState('')
  const [trouble, setTrouble] = useState<'none' | 'not-saved' | 'refused'>('none')
  const [busy, setBusy] = useState(false)

  const pass = async (without: boolean) => {
    setBusy(true)
    const saved = without || (await saveHandOver(reason))
    const { contactId: _contactId, ...alone } = command
    const done = saved && (await execute(without ? alone : command))
    setBusy(false)
    setTrouble(saved ? 'refused' : 'not-saved')
    if (done) close()
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (!busy) void pass(false)
  }

  return (
    <Dialog title={`Pass the call on to ${to}`} open onClose={close}>
      <form className="pass-on" onSubmit={submit}>
        <Field label="Why, for your colleague" hint="A few words, such as: wants to set up a payment plan">
          {(control) => (
            <input
              {...control}
              autoFocus
              autoComplete="off"
              maxLength={1000}
              value={reason}
              onChange={(event) => setReason(event.target.value)}
            />
          )}
        </Field>
        <div>
          <p className="small quiet">Goes along with the call</p>
          <ul className="pass-on__along small">
            {along.map((line) => (
              <li key={line}>{line}</li>
            ))}
          </ul>
        </div>
        {trouble === 'not-saved' ? (
          <Notice
            look="danger"
            title="What goes along could not be saved on this desk"
            alert
            actions={<Button onClick={() => void pass(true)}>Pass on without it</Button>}
          />
        ) : null}
        {trouble === 'refused' && error !== null ? (
          <Notice look="danger" title={errorWords(error)} alert />
        ) : null}
        <div className="dialog__actions">
          <Button submit look="primary" shortcut="Enter" disabled={busy}>
            Pass on
          </Button>
          <Button onClick={close}>Not yet</Button>
        </div>
      </form>
    </Dialog>
  )
}
