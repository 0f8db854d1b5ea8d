/* A desk reduced to its telephone: the real client of the phone's channel. */
import { connectPhone, type PhoneClient } from '#renderer/platform/bridge/phone-client.ts'
import type { PhoneSnapshot } from '#shared/contract/phone.ts'

declare global {
  interface Window {
    phone: PhoneClient
    /** Every snapshot since the page was loaded, with the time it was heard. */
    heard: { at: number; snapshot: PhoneSnapshot | null }[]
  }
}

window.heard = []
window.phone = connectPhone()
window.phone.subscribe(() => window.heard.push({ at: Date.now(), snapshot: window.phone.snapshot() }))
