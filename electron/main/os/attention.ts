import { type BrowserWindow, Notification } from 'electron'

export interface Attention {
  ringing(): void
  /** An adviser told the supervisors of a risk to life. */
  alert(): void
  /** Nothing rings any more. */
  none(): void
}

/** Brings the desk to its adviser's eyes. Who calls or is at risk is said on the desk only, never on a locked screen. */
export function createAttention(desk: () => BrowserWindow | undefined, showDesk: () => void): Attention {
  let ringing: Notification | undefined
  let alert: Notification | undefined

  function show(options: { title: string; body: string; silent: boolean }): Notification | undefined {
    const window = desk()
    if (!window || window.isFocused()) return undefined
    window.flashFrame(true)
    if (!Notification.isSupported()) return undefined
    const shown = new Notification(options)
    shown.on('click', showDesk)
    shown.show()
    return shown
  }

  function none(): void {
    ringing?.close()
    ringing = undefined
    desk()?.flashFrame(false)
  }

  return {
    none,
    ringing: () => {
      none()
      // Silent: the phone page rings through the device the adviser chose.
      ringing = show({ title: 'A call is ringing', body: 'Open the desk to answer.', silent: true })
    },
    alert: () => {
      alert?.close()
      alert = show({
        title: 'Risk to life: an adviser needs a supervisor',
        body: 'Open the desk to take it up.',
        silent: false,
      })
    },
  }
}
