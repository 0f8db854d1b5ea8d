import { type FormEvent, useState } from 'react'
import { useStore } from 'zustand'
import { Button } from '#renderer/ui/button.tsx'
import { errorWords } from '#renderer/ui/error-words.ts'
import { Field } from '#renderer/ui/field.tsx'
import { Notice } from '#renderer/ui/notice.tsx'
import type { PracticeStatus } from '#shared/contract/ipc.ts'
import { PasswordField } from './password-field.tsx'
import type { SessionStore } from './store.ts'
import './session.css'

const startingWords = {
  database: 'Starting the practice council’s database…',
  residents: 'Writing two thousand fictional residents and their cases…',
  switchboard: 'Starting the practice switchboard…',
} as const

/** The first page of a shift. */
export function SignIn({ store }: { readonly store: SessionStore }) {
  const { info, practice } = useStore(store)
  return (
    <main className="front">
      <div className="front__card">
        <p className="front__product">Adviser Desktop</p>
        <h1>Sign in to {info?.mode === 'live' ? info.councilName : 'the practice council'}</h1>
        <SignedOutReason store={store} />
        {practice?.name === 'starting' ? (
          <p role="status" className="front__progress">
            <span className="spinner" aria-hidden="true" />
            {startingWords[practice.step]}
          </p>
        ) : null}
        {practice?.name === 'failed' ? (
          <Notice look="danger" title="The practice council could not start" alert>
            <p>It is tried again by itself. If this stays, close Adviser Desktop and open it again.</p>
          </Notice>
        ) : null}
        {practice?.name === 'running' ? (
          <PracticeSignIn store={store} practice={practice} />
        ) : practice?.name === 'not-practice' ? (
          <PasswordForm store={store} username="" password="" />
        ) : null}
      </div>
    </main>
  )
}

function SignedOutReason({ store }: { readonly store: SessionStore }) {
  const { session, error } = useStore(store)
  if (error !== null) return <Notice look="danger" title={errorWords(error)} alert />
  if (session?.name !== 'signed-out') return null
  if (session.reason === 'expired')
    return <Notice look="attention" title="Your last sign-in has run out. Your work is kept." />
  if (session.reason === 'wiped')
    return (
      <Notice
        look="attention"
        title="The council ordered this desk to forget your records. Ask your supervisor."
      />
    )
  if (session.reason === 'too-many-tries')
    return <Notice look="attention" title="Five wrong passwords ended your sign-in. Your work is kept." />
  if (session.reason === 'refused')
    return <Notice look="attention" title="The council ended your last sign-in. Your work is kept." />
  return null
}

function PracticeSignIn({
  store,
  practice,
}: {
  readonly store: SessionStore
  readonly practice: Extract<PracticeStatus, { name: 'running' }>
}) {
  return (
    <>
      <Notice title="This is practice mode">
        <p>
          The council, its residents and their calls are fictional, and nothing leaves this computer. The
          practice sign-in is filled in for you.
        </p>
      </Notice>
      <PasswordForm store={store} username={practice.username} password={practice.password} />
    </>
  )
}

function PasswordForm(props: {
  readonly store: SessionStore
  readonly username: string
  readonly password: string
}) {
  const { busy, signIn } = useStore(props.store)
  const [username, setUsername] = useState(props.username)
  const [password, setPassword] = useState(props.password)

  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (!busy) void signIn(username, password)
  }

  return (
    <form className="front__form" onSubmit={submit}>
      <Field label="User name">
        {(control) => (
          <input
            {...control}
            name="username"
            autoComplete="username"
            required
            value={username}
            onChange={(event) => setUsername(event.target.value)}
          />
        )}
      </Field>
      <PasswordField value={password} onChange={setPassword} />
      <Button submit look="primary" disabled={busy} autoFocus={props.username !== ''}>
        {busy ? 'Signing in…' : 'Sign in'}
      </Button>
    </form>
  )
}
