import { useEffect, useRef } from 'react'
import { callKey } from '#renderer/features/calls/index.ts'
import { takeNextContact } from './choosing.tsx'
import type { Desk } from './compose.ts'
import { finishContact } from './finish-contact.ts'

export interface DeskKeys {
  find(): void
  /** 0 caller, 1 guidance, 2 case. */
  goTo(index: number): void
}

/** The desk's keys, from anywhere in the window. Only function keys and chords: letters stay with the text. */
export function useDeskKeys(desk: Desk, keys: DeskKeys): void {
  const latest = useRef(keys)
  latest.current = keys
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.repeat || !deskKey(desk, latest.current, event)) return
      event.preventDefault()
    }
    window.addEventListener('keydown', onKeyDown)
    return () => window.removeEventListener('keydown', onKeyDown)
  }, [desk])
}

function deskKey(desk: Desk, keys: DeskKeys, event: KeyboardEvent): boolean {
  // F2 and F4 would end or hold the very call that must stay up.
  if (event.metaKey || desk.risk.getState().shown === 'pane') return false
  if (event.ctrlKey && !event.altKey && !event.shiftKey) {
    if (event.key === 's') void desk.contact.getState().save()
    else if (event.key === 'k') keys.find()
    else if (event.key === 'u') desk.unsent.getState().open()
    else if (event.key === 'F12') void desk.alerts.getState().takeUp()
    else return choosingKey(desk, event) || telephoneKey(desk, event)
    return true
  }
  if (event.altKey && !event.ctrlKey && !event.shiftKey && ['1', '2', '3'].includes(event.key)) {
    keys.goTo(Number(event.key) - 1)
    return true
  }
  if (event.key === 'F9' && !event.ctrlKey && !event.altKey && !event.shiftKey) {
    void finishContact(desk)
    return true
  }
  if (event.key === 'F12' && event.shiftKey && !event.ctrlKey && !event.altKey) {
    desk.contact.getState().escalate()
    return true
  }
  return choosingKey(desk, event) || telephoneKey(desk, event)
}

/** Scripts, help elsewhere, and contacts that come without a call. */
function choosingKey(desk: Desk, event: KeyboardEvent): boolean {
  if (event.altKey) return false
  const { ctrlKey, shiftKey, key } = event
  if (ctrlKey && shiftKey && key.toLowerCase() === 'k') desk.scripts.getState().find()
  else if (ctrlKey && !shiftKey && key === 'g') desk.signposts.getState().open()
  else if (!ctrlKey && shiftKey && key === 'F9') desk.scripts.getState().beginNew()
  else if (ctrlKey && !shiftKey && key === 'F7') takeNextContact(desk)
  else return false
  return true
}

const telephoneKey = (desk: Desk, event: KeyboardEvent): boolean =>
  callKey({ calls: desk.calls, telephone: desk.telephone }, event, Date.now())
