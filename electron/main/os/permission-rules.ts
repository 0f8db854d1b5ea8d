import { isOurOrigin } from '../windows/pages.ts'

// Chromium asks before a page reaches the local network or this computer: councils' switchboards live there.
const networkPermissions = ['local-network', 'loopback-network', 'local-network-access']

/** What is asked for, by whom. */
export interface PermissionAsked {
  readonly permission: string
  /** Address or origin of the page or worker that asks. */
  readonly origin: string
  /** For `media`: all kinds asked for; empty when unknown. */
  readonly mediaTypes: readonly string[]
}

/** The microphone, the choice of loudspeaker and the network, for our own pages. Everything else is denied. */
export function isPermitted({ permission, origin, mediaTypes }: PermissionAsked): boolean {
  if (!isOurOrigin(origin)) return false
  if (permission === 'media') return mediaTypes.length > 0 && mediaTypes.every((type) => type === 'audio')
  return permission === 'speaker-selection' || networkPermissions.includes(permission)
}
