import { type ClipboardEvent, type KeyboardEvent, useRef, useState } from 'react'
import { useStore } from 'zustand'
import { Button } from '#renderer/ui/button.tsx'
import { Dialog } from '#renderer/ui/dialog.tsx'
import { errorWords } from '#renderer/ui/error-words.ts'
import { Notice } from '#renderer/ui/notice.tsx'
import { digitsOf, shownDigits } from './digits.ts'
import type { CallsStore } from './store.ts'

export interface KeypadProps {
  readonly store: CallsStore
  readonly lineId: string
  readonly who: string
  /** A payment is being taken: what is sent is not shown. */
  readonly masked: boolean
  readonly onClose: () => void
}

const pad = ['1', '2', '3', '4', '5', '6', '7', '8', '9', '*', '0', '#']

/** Sends digits into the call, from the pad, the keys or the clipboard. They are shown here and kept nowhere. */
export function Keypad({ store, lineId, who, masked, onClose }: KeypadProps) {
  const { execute, error } = useStore(store)
  const [sent, setSent] = useState('')
  const [refused, setRefused] = useState(false)
  /** Digits leave one after the other, in the order they were pressed. */
  const sending = useRef<Promise<unknown>>(Promise.resolve())

  const send = (text: string) => {
    for (const digits of digitsOf(text)) {
      setSent((before) => shownDigits(before, digits, masked))
      sending.current = sending.current
        .then(() => execute({ name: 'sendDigits', lineId, digits }))
        .then((done) => setRefused(!done))
    }
  }
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.altKey || event.metaKey || !/^[0-9*#]$/.test(event.key)) return
    event.preventDefault()
    send(event.key)
  }
  const onPaste = (event: ClipboardEvent) => {
    event.preventDefault()
    send(event.clipboardData.getData('text'))
  }

  return (
    <Dialog title={`Keypad: ${who}`} open onClose={onClose}>
      {refused && error !== null ? <Notice look="danger" title={errorWords(error)} alert /> : null}
      <fieldset className="keypad" aria-label="Keypad" onKeyDown={onKeyDown} onPaste={onPaste}>
        <label className="field__label" htmlFor="keypad-sent">
          Digits sent{masked ? ', hidden during a payment' : ''}
        </label>
        <input
          id="keypad-sent"
          className="input figures keypad__sent"
          readOnly
          autoFocus
          autoComplete="off"
          value={sent}
        />
        <div className="keypad__keys">
          {pad.map((digit) => (
            <Button key={digit} className="keypad__key" onClick={() => send(digit)}>
              {digit}
            </Button>
          ))}
        </div>
        <p className="small quiet">Type or paste digits, * or #. They go to the other side at once.</p>
      </fieldset>
      <div className="dialog__actions">
        <Button look="primary" onClick={onClose}>
          Done
        </Button>
      </div>
    </Dialog>
  )
}
