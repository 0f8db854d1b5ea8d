import { describe, expect, it } from 'vitest'
import { isPackageRefused, mergedPresence, type PackageState } from '#shared/calls/presence.ts'

const merged: readonly (readonly [dialog: PackageState, presence: PackageState, together: string])[] = [
  // A call counts, whatever else is said.
  ['on-call', 'away', 'on-call'],
  ['on-call', 'offline', 'on-call'],
  ['on-call', 'unknown', 'on-call'],
  ['ringing', 'available', 'ringing'],
  ['ringing', 'on-call', 'ringing'],
  ['ringing', 'refused', 'ringing'],
  // Without one, the person’s own word.
  ['available', 'away', 'away'],
  ['available', 'offline', 'offline'],
  ['available', 'available', 'available'],
  ['available', 'on-call', 'on-call'],
  ['refused', 'offline', 'offline'],
  ['refused', 'available', 'available'],
  ['unknown', 'away', 'away'],
  // Nobody is available for want of a word.
  ['available', 'unknown', 'unknown'],
  ['available', 'refused', 'available'],
  ['unknown', 'unknown', 'unknown'],
  ['unknown', 'refused', 'unknown'],
  ['refused', 'unknown', 'unknown'],
  ['refused', 'refused', 'unknown'],
]

describe('what is known of a colleague', () => {
  it.each(merged)('with dialogs %s and presence %s is %s', (dialog, presence, together) => {
    expect(mergedPresence({ dialog, presence })).toBe(together)
  })

  it('is refused by a status about the package or the person, not by trouble of the moment', () => {
    expect([403, 480, 489].every(isPackageRefused)).toBe(true)
    expect([401, 404, 408, 481, 500, 503].some(isPackageRefused)).toBe(false)
  })
})
