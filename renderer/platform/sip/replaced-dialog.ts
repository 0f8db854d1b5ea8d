import { isUp } from '#shared/calls/line.ts'
import type { Refusal } from './incoming-call.ts'
import type { SipLine } from './line.ts'

/**
 * The line whose place an INVITE is to take (Replaces, RFC 3891 §3); null when it asks for none, or the refusal. A
 * dialog that is only being dialled is not ours to give away.
 */
export function replacedLine(
  request: { getHeaders(name: string): string[] },
  lines: readonly SipLine[],
): { readonly line: SipLine } | { readonly refusal: Refusal } | null {
  const values = request.getHeaders('replaces')
  if (values.length === 0) return null
  const names = values.length === 1 ? readReplaces(values[0] ?? '') : null
  if (names === null) return { refusal: { statusCode: 400 } }
  const line = lines.find((each) => {
    const dialog = each.dialog()
    return (
      dialog !== null &&
      dialog.callId === names.callId &&
      dialog.localTag === names.toTag &&
      dialog.remoteTag === names.fromTag
    )
  })
  if (line === undefined || !isUp(line.line())) return { refusal: { statusCode: 481 } }
  return names.earlyOnly ? { refusal: { statusCode: 486 } } : { line }
}

interface Replaces {
  readonly callId: string
  readonly toTag: string
  readonly fromTag: string
  readonly earlyOnly: boolean
}

function readReplaces(value: string): Replaces | null {
  const [callId = '', ...parameters] = value.split(';').map((each) => each.trim())
  const named = new Map(
    parameters.map((each) => {
      const [name = '', text = ''] = each.split('=')
      return [name.trim().toLowerCase(), text.trim()] as const
    }),
  )
  const toTag = named.get('to-tag') ?? ''
  const fromTag = named.get('from-tag') ?? ''
  if (callId === '' || toTag === '' || fromTag === '') return null
  return { callId, toTag, fromTag, earlyOnly: named.has('early-only') }
}
