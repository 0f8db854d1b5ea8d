import { type BrowserWindow, dialog, type HIDDevice, type Session } from 'electron'
import type { Log } from '#shared/kernel/log.ts'
import { isOurOrigin, pageAt } from '../windows/pages.ts'
import { isTelephonyHeadset } from './headset-rules.ts'

export interface HeadsetsOptions {
  readonly session: Session
  readonly log: Log
  phone(): BrowserWindow | undefined
  desk(): BrowserWindow | undefined
}

export interface Headsets {
  /**
   * Gives the phone page, which nobody ever clicks, the user's gesture that WebHID wants before it asks for a device
   * (transient activation, 5 s). The adviser did press a button, on the desk.
   */
  activate(): Promise<boolean>
}

/** WebHID for the phone page and telephony headsets alone. */
export function permitHeadsets({ session, log, phone, desk }: HeadsetsOptions): Headsets {
  session.setDevicePermissionHandler(
    ({ deviceType, origin, device }) =>
      deviceType === 'hid' && isOurOrigin(origin) && 'vendorId' in device && isHeadset(device),
  )
  session.on('select-hid-device', (event, { deviceList, frame }, answer) => {
    event.preventDefault()
    const headsets = pageAt(frame?.url ?? '') === 'phone' ? deviceList.filter(isTelephonyHeadset) : []
    pick(headsets).then(
      (chosen) => answer(chosen?.deviceId ?? ''),
      () => answer(''),
    )
  })

  async function pick(headsets: readonly HIDDevice[]): Promise<HIDDevice | undefined> {
    // One headset may show itself as several devices of the same name.
    const models = [...new Map(headsets.map((headset) => [headset.name, headset])).values()]
    const window = desk()
    if (models.length < 2 || !window) return models[0]
    const { response } = await dialog.showMessageBox(window, {
      type: 'question',
      message: 'Which headset do you wear?',
      buttons: [...models.map(({ name }) => name), 'None of these'],
      cancelId: models.length,
    })
    return models[response]
  }

  return {
    async activate() {
      const window = phone()
      if (!window || window.isDestroyed()) return false
      try {
        await window.webContents.executeJavaScript('0', true)
        return true
      } catch (error) {
        log.info('headset/not-activated', { error: error instanceof Error ? error.name : typeof error })
        return false
      }
    },
  }
}

function isHeadset(device: object): boolean {
  return isTelephonyHeadset(device as HIDDevice)
}
