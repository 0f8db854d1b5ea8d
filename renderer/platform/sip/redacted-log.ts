import type { LogConnector } from 'sip.js'
import type { Log } from '#shared/kernel/log.ts'

const maxLength = 120

/**
 * What the library says of itself, without anyone's name, number or address. Whole messages never get here: the
 * library's tracing is off, and only the first line of what it warns of is kept.
 */
export function redactedLog(log: Log): LogConnector {
  return (level, category, _label, content) => {
    if (level !== 'error' && level !== 'warn') return
    log.debug('sip.library', { level, category, text: redacted(content) })
  }
}

export function redacted(text: string): string {
  const [firstLine = ''] = text.split(/[\r\n]/, 1)
  return firstLine
    .slice(0, 1_000)
    .replace(/"[^"]*"/g, '"…"')
    .replace(/<[^>]*>/g, '<…>')
    .replace(/\b(?:sips?|tel|wss?|https?|stun|turns?):\S+/gi, '…')
    .replace(/\S+@\S+/g, '…')
    .replace(/\+?\d(?:[\s().-]?\d){4,}/g, '…')
    .slice(0, maxLength)
}
