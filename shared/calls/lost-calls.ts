import type { Line, LostCall } from '../contract/phone.ts'
import { isLive } from './line.ts'

/** What must be known of a call to offer it back if this telephone died now. */
export type RememberedCall = Omit<LostCall, 'lostAt'>

/** The answered calls that are still up, oldest first; a consultation is no contact of its own. */
export function callsToRemember(lines: readonly Line[]): RememberedCall[] {
  return lines.flatMap((line) =>
    isLive(line) && line.times.answeredAt !== null && line.purpose.name === 'contact'
      ? [
          {
            contactId: line.contactId,
            direction: line.direction,
            remote: line.remote,
            queue: line.queue,
            answeredAt: line.times.answeredAt,
          },
        ]
      : [],
  )
}

/** Offers that are still open: one ends when the same contact is on the telephone again. */
export function withoutReturned(lost: readonly LostCall[], lines: readonly Line[]): readonly LostCall[] {
  const open = lost.filter(({ contactId }) => !lines.some((line) => line.contactId === contactId))
  return open.length === lost.length ? lost : open
}
