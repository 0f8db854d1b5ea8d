import { type KeyboardEvent, useEffect, useLayoutEffect, useRef, useState } from 'react'
import { createPortal } from 'react-dom'
import { useStore } from 'zustand'
import { Button } from '#renderer/ui/button.tsx'
import { errorWords } from '#renderer/ui/error-words.ts'
import { Notice } from '#renderer/ui/notice.tsx'
import { usualEvents } from '#shared/cases/risk.ts'
import type { SyncState } from '#shared/contract/records.ts'
import type { AppError } from '#shared/kernel/app-error.ts'
import { OperatorCard } from './operator-card.tsx'
import { RiskCalls, type RiskCallsProps } from './risk-calls.tsx'
import { RiskLog } from './risk-log.tsx'
import type { RiskStore } from './risk-store.ts'
import { Supervisors } from './supervisors.tsx'
import type { KnownPerson } from './words.ts'

export interface RiskPaneProps extends Omit<RiskCallsProps, 'onDial'> {
  readonly store: RiskStore
  readonly known: KnownPerson
  readonly council: string
  readonly adviser: string
  readonly sync: SyncState | null
  /** Why the telephone did not do what was asked last. */
  readonly callError: AppError | null
  readonly onDial: () => void
}

/** Everything for a risk to life in one place. Nothing of the desk stands in its way, and nothing in it is required. */
export function RiskPane(props: RiskPaneProps) {
  const { shown } = useStore(props.store)
  return shown === 'pane' ? createPortal(<Inside {...props} />, document.body) : null
}

/**
 * A dialog of the browser's own: it lies over those of the desk, whichever is open, and all else is inert beneath it.
 * The attribute tells those to let the focus go.
 */
function Inside(props: RiskPaneProps) {
  const { store, calls, known } = props
  const { typed, hide, end, saveError, write, tell } = useStore(store)
  const [unsaved, setUnsaved] = useState(false)
  const box = useRef<HTMLTextAreaElement>(null)
  const dialog = useRef<HTMLDialogElement>(null)
  const { onDial } = props

  // Closed while it is still there, so that the focus goes back to where it was.
  useLayoutEffect(() => {
    const element = dialog.current
    element?.showModal()
    // Where the person is comes first. The button to leave stands before it, and would have the focus.
    element?.querySelector('input')?.focus()
    return () => element?.close()
  }, [])

  useEffect(() => {
    if ((typed.line ?? '').trim() === '') setUnsaved(false)
  }, [typed.line])

  /** Words that were not written yet are never left by a slip of the finger. */
  const leave = (go: () => void) => {
    if ((typed.line ?? '').trim() === '') return go()
    setUnsaved(true)
    box.current?.focus()
  }

  const onKeyDown = (event: KeyboardEvent) => {
    const key = paneKey(event)
    if (key === null) return
    event.preventDefault()
    event.stopPropagation()
    if (key === 'leave') leave(hide)
    else if (key === 'dial') onDial()
    else if (key === 'tell') void tell()
    else void write(key.event)
  }

  return (
    <dialog
      ref={dialog}
      className="risk"
      tabIndex={-1}
      aria-label="Risk to life"
      data-react-aria-top-layer="true"
      onKeyDown={onKeyDown}
      onCancel={(event) => event.preventDefault()}
      onClose={() => {
        if (store.getState().shown === 'pane') dialog.current?.showModal()
      }}
    >
      <div className="risk__inside">
        <header className="risk__head">
          <h1>Risk to life</h1>
          <p>Stay with the person. Get the address. Call 999.</p>
          <Button shortcut="F12" onClick={() => leave(hide)}>
            Back to the desk
          </Button>
        </header>
        {saveError === null ? null : (
          <Notice look="attention" title="A line could not be kept. Write it on paper too." alert>
            <p>{errorWords(saveError)}</p>
          </Notice>
        )}
        <div className="risk__columns">
          <div className="risk__column">
            <OperatorCard
              store={store}
              known={known}
              council={props.council}
              adviser={props.adviser}
              calls={calls}
            />
          </div>
          <div className="risk__column">
            <RiskCalls {...props} />
            <Supervisors store={store} sync={props.sync} />
            <RiskLog store={store} box={box} unsaved={unsaved} />
          </div>
        </div>
        <footer className="risk__foot">
          <p className="small quiet">
            Every line is kept with its second as you write it, and cannot be changed.
          </p>
          <Button onClick={() => leave(() => void end())}>It is over: close the record</Button>
        </footer>
      </div>
    </dialog>
  )
}

type PaneKey = 'leave' | 'dial' | 'tell' | { readonly event: string }

/** Escape and F12 go back; Alt 9 calls 999, Alt 0 tells the supervisors, Alt 1 to 7 write what is usual. */
function paneKey(event: KeyboardEvent): PaneKey | null {
  const plain = !event.ctrlKey && !event.altKey && !event.shiftKey && !event.metaKey
  if (plain && (event.key === 'Escape' || event.key === 'F12')) return 'leave'
  if (!event.altKey || event.ctrlKey || event.shiftKey || event.metaKey) return null
  const digit = /^Digit(\d)$/.exec(event.code)?.[1]
  if (digit === undefined) return null
  if (digit === '9') return 'dial'
  if (digit === '0') return 'tell'
  const usual = usualEvents[Number(digit) - 1]
  return usual === undefined ? null : { event: usual }
}
