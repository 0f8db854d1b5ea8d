import { type BrowserWindow, Notification } from 'electron'

export interface Attention {
  ringing(): void
  none(): void
}

/** Brings a ringing call to the adviser's eyes. Who calls is said on the desk only, never on a locked screen. */
export function createAttention(desk: () => BrowserWindow | undefined, showDesk: () => void): Attention {
  let shown: Notification | undefined

  function none(): void {
    shown?.close()
    shown = undefined
    desk()?.flashFrame(false)
  }

  return {
    none,
    ringing: () => {
      none()
      const window = desk()
      if (!window || window.isFocused()) return
      window.flashFrame(true)
      if (!Notification.isSupported()) return
      // Silent: the phone page rings through the device the adviser chose.
      shown = new Notification({ title: 'A call is ringing', body: 'Open the desk to answer.', silent: true })
      shown.on('click', showDesk)
      shown.show()
    },
  }
}
