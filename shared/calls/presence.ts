import type { Presence } from '../contract/phone.ts'

type State = Presence['state']

/** The packages that tell of a person: dialog (RFC 4235) of their calls, presence (RFC 3863) of themselves. */
export const presencePackages = ['dialog', 'presence'] as const
export type PresencePackage = (typeof presencePackages)[number]

/** What one package last said; `unknown` when it says nothing now, `refused` when the switchboard will not tell. */
export type PackageState = State | 'refused'

/**
 * What both packages say together. A call is seen first and best by its dialogs; whether somebody who has none is at
 * work only they themselves know. So no dialogs mean `available` only where the switchboard has no presence to tell.
 */
export function mergedPresence({ dialog, presence }: Readonly<Record<PresencePackage, PackageState>>): State {
  if (dialog === 'ringing' || dialog === 'on-call') return dialog
  if (presence !== 'refused') return presence
  return dialog === 'refused' ? 'unknown' : dialog
}

/**
 * The status of a SUBSCRIBE that was refused for good: by the package's name (489), by whom it concerns (403), or for
 * want of anything to tell of (480). Any other may be the trouble of a moment.
 */
export function isPackageRefused(status: number): boolean {
  return [403, 480, 489].includes(status)
}
