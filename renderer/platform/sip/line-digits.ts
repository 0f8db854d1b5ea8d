import type { Session } from 'sip.js'
import { callsError } from '#shared/calls/errors.ts'
import type { Clock } from '#shared/kernel/clock.ts'
import { err, ok, type Result } from '#shared/kernel/result.ts'
import type { MediaSession } from './media-session.ts'

export interface LineDigits {
  /** Sends digits after those still waiting. Resolves when the last one is on its way, or after 4 s as begun. */
  send(digits: string): Promise<Result<null>>
}

const toneMs = 100
const gapMs = 70
const begunAfterMs = 4_000

/**
 * Digits as telephone events in the sound (RFC 4733) where the two ends have agreed on them, else one INFO request for
 * each (application/dtmf-relay), the next when the last was answered.
 */
export function createLineDigits(
  session: Session,
  media: () => MediaSession | null,
  clock: Clock,
): LineDigits {
  let before: Promise<unknown> = Promise.resolve()

  function sendInfo(digit: string): Promise<number> {
    return new Promise((resolve, reject) => {
      const settle = ({ message }: { message: { statusCode?: number | undefined } }) =>
        resolve(message.statusCode ?? 500)
      session
        .info({
          requestDelegate: { onAccept: settle, onReject: settle, onRedirect: settle },
          requestOptions: {
            body: {
              contentDisposition: 'render',
              contentType: 'application/dtmf-relay',
              content: `Signal=${digit}\r\nDuration=${toneMs}\r\n`,
            },
          },
        })
        .catch(reject)
    })
  }

  async function sendAllAsInfo(digits: string): Promise<Result<null>> {
    for (const digit of digits) {
      const status = await sendInfo(digit).catch(() => 500)
      if (status >= 300) return err(callsError('calls/digits-not-supported', 'never', String(status)))
    }
    return ok(null)
  }

  return {
    async send(digits) {
      if (media()?.sendEvents(digits, { durationMs: toneMs, gapMs }) === true) return ok(null)
      const sent = before.then(() => sendAllAsInfo(digits))
      before = sent
      const begun = new Promise<Result<null>>((resolve) => clock.after(begunAfterMs, () => resolve(ok(null))))
      return Promise.race([sent, begun])
    },
  }
}
