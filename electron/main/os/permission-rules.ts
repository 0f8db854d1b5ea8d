import { isOurOrigin, type Page } from '../windows/pages.ts'

// Chromium asks before a page reaches the local network or this computer: councils' switchboards live there.
const networkPermissions = ['local-network', 'loopback-network', 'local-network-access']

/** What is asked for, by whom. */
export interface PermissionAsked {
  readonly permission: string
  /** Address or origin of the page or worker that asks. */
  readonly origin: string
  /** For `media`: all kinds asked for; empty when unknown. */
  readonly mediaTypes: readonly string[]
  /** Which of our pages asks, where that is known. */
  readonly page?: Page | undefined
}

/**
 * The microphone, the choice of loudspeaker and the network, for our own pages; headsets' buttons for the phone page.
 * Everything else is denied.
 */
export function isPermitted({ permission, origin, mediaTypes, page }: PermissionAsked): boolean {
  if (!isOurOrigin(origin)) return false
  if (permission === 'hid') return page === 'phone'
  if (permission === 'media') return mediaTypes.length > 0 && mediaTypes.every((type) => type === 'audio')
  return permission === 'speaker-selection' || networkPermissions.includes(permission)
}
