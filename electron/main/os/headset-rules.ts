import type { HIDDevice } from 'electron'

/** Telephony Device page of the HID Usage Tables: hook switch, mute and ring lights. */
export const telephonyUsagePage = 0x0b

/** What is looked at of a device; some report no collections before they are opened. */
export type SeenDevice = Pick<HIDDevice, 'vendorId'> & {
  readonly collections?: readonly { readonly usagePage: number }[]
}

/** A headset with buttons for calls, and nothing else on the desk: no keyboard, token or card reader. */
export function isTelephonyHeadset(device: SeenDevice): boolean {
  return device.collections?.some(({ usagePage }) => usagePage === telephonyUsagePage) ?? false
}
