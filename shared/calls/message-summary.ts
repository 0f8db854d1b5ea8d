import type { PhoneSnapshot } from '../contract/phone.ts'

/**
 * The mailbox as application/simple-message-summary says it (RFC 3842 §5.2); null when the text is none. A mailbox that
 * only says whether anything is waiting counts one message.
 */
export function messageSummary(body: string): NonNullable<PhoneSnapshot['voicemail']> | null {
  const text = body.slice(0, 4_000)
  const counts = /^[ \t]*Voice-Message[ \t]*:[ \t]*(\d{1,6})[ \t]*\/[ \t]*(\d{1,6})/im.exec(text)
  if (counts !== null) return { newMessages: Number(counts[1]), oldMessages: Number(counts[2]) }
  const waiting = /^[ \t]*Messages-Waiting[ \t]*:[ \t]*(yes|no)\b/im.exec(text)?.[1]?.toLowerCase()
  if (waiting === undefined) return null
  return { newMessages: waiting === 'yes' ? 1 : 0, oldMessages: 0 }
}
