import type { HeadsetAction, HeadsetCall } from '#shared/calls/headset-buttons.ts'
import type { Headset, HeadsetEvent } from '#shared/contract/devices.ts'

/**
 * The buttons and lights of a headset: call control alone, never its volume or its settings.
 *
 * What the main process owes this page (the page's origin is ours):
 * - `setPermissionCheckHandler` answers true for `hid`, so that `navigator.hid` lists what was granted.
 * - `setDevicePermissionHandler` answers true for `deviceType: 'hid'`: a headset granted once needs no asking again.
 * - `select-hid-device` prevents the default and picks the first of `details.deviceList`, or cancels when there is
 *   none. The list is already filtered to telephony devices (usage page 0x0B) by `choose`.
 * - For `connectHeadset`: a page nobody sees is never clicked, and WebHID wants a click. Main gives it the activation
 *   with `webContents.executeJavaScript('0', true)` and answers; the page then calls `choose()` within five seconds.
 */
export interface HeadsetButtons {
  state(): Headset
  /** Newest last, at most 50. */
  events(): readonly HeadsetEvent[]
  /** Called whenever `state` or `events` changed. */
  subscribe(listener: () => void): () => void
  /** The adviser pressed a button. A second headset app's doings and mere echoes of lights do not come through. */
  onAction(listener: (action: HeadsetAction) => void): () => void
  /** Sets the lights to what the calls are doing. To be told of every change; saying the same again is harmless. */
  apply(call: HeadsetCall): void
  /** Asks for a headset; needs the page to have been activated. False when none was granted. */
  choose(): Promise<boolean>
}
