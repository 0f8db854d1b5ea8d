import { type FormEvent, type ReactNode, useEffect, useRef, useState } from 'react'
import { useStore } from 'zustand'
import { Button } from '#renderer/ui/button.tsx'
import { errorWords } from '#renderer/ui/error-words.ts'
import { Notice } from '#renderer/ui/notice.tsx'
import type { Session } from '#shared/contract/ipc.ts'
import { PasswordField } from './password-field.tsx'
import type { SessionStore } from './store.ts'
import './session.css'

type Locked = NonNullable<Extract<Session, { name: 'signed-in' }>['locked']>

const whyWords: Record<Locked, string> = {
  idle: 'Nobody used this desk for a while.',
  screen: 'The computer’s screen was locked.',
  'by-adviser': 'You locked this desk.',
}

export interface LockScreenProps {
  readonly store: SessionStore
  readonly name: string
  readonly why: Locked
  /** What can be done with a call that is up. */
  readonly children: ReactNode
}

/** Function keys and shortcuts of the desk under the lock do nothing. */
function keepKeys(event: KeyboardEvent): void {
  if (/^F\d+$/.test(event.key) || event.ctrlKey || event.altKey || event.metaKey) {
    event.preventDefault()
    event.stopImmediatePropagation()
  }
}

/**
 * Covers the whole desk until the password is typed. What was open stays as it was underneath. A dialog of the
 * browser's top layer, so that no dialog of the desk can stand above it.
 */
export function LockScreen({ store, name, why, children }: LockScreenProps) {
  const dialog = useRef<HTMLDialogElement>(null)
  const { signOut } = useStore(store)
  useEffect(() => {
    const element = dialog.current
    element?.showModal()
    window.addEventListener('keydown', keepKeys, true)
    return () => {
      window.removeEventListener('keydown', keepKeys, true)
      element?.close()
    }
  }, [])

  return (
    <dialog
      ref={dialog}
      className="lock"
      aria-labelledby="lock-title"
      data-react-aria-top-layer="true"
      onCancel={(event) => event.preventDefault()}
    >
      <div className="front">
        <div className="front__card">
          <p className="front__product">Adviser Desktop</p>
          <h1 id="lock-title">Locked</h1>
          <p>
            {whyWords[why]} {name}, type your password to go on where you were. Every word is kept.
          </p>
          <UnlockForm store={store} />
          {children}
          <p className="small quiet">
            Not you, or the password is forgotten? Sign out: unsent work stays on this computer for whoever
            signs in with the same name.
          </p>
          <Button onClick={() => void signOut()}>Sign out</Button>
        </div>
      </div>
    </dialog>
  )
}

function UnlockForm({ store }: { readonly store: SessionStore }) {
  const { busy, error, unlock } = useStore(store)
  const [password, setPassword] = useState('')
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (busy || password === '') return
    void unlock(password)
    setPassword('')
  }
  return (
    <form className="front__form" onSubmit={submit}>
      {error === null ? null : <Notice look="danger" title={errorWords(error)} alert />}
      <PasswordField value={password} onChange={setPassword} />
      <Button submit look="primary" disabled={busy}>
        {busy ? 'Unlocking…' : 'Unlock'}
      </Button>
    </form>
  )
}
