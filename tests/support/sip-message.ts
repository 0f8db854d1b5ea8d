/** A SIP message as a test peer reads and writes it; nothing is checked. */
export interface SipMessage {
  readonly startLine: string
  readonly headers: readonly (readonly [name: string, value: string])[]
  readonly body: string
}

export function parseSip(text: string): SipMessage {
  const end = text.indexOf('\r\n\r\n')
  const [startLine = '', ...lines] = text.slice(0, end).split('\r\n')
  const headers = lines.map((line) => {
    const colon = line.indexOf(':')
    return [line.slice(0, colon).trim(), line.slice(colon + 1).trim()] as const
  })
  return { startLine, headers, body: text.slice(end + 4) }
}

export function writeSip(
  startLine: string,
  headers: readonly (readonly [string, string])[],
  body = '',
): string {
  const lines = [
    startLine,
    ...headers.map(([name, value]) => `${name}: ${value}`),
    ...(body === '' ? [] : ['Content-Type: application/sdp']),
    `Content-Length: ${Buffer.byteLength(body)}`,
  ]
  return `${lines.join('\r\n')}\r\n\r\n${body}`
}

export function headersOf(message: SipMessage, name: string): string[] {
  return message.headers
    .filter(([each]) => each.toLowerCase() === name.toLowerCase())
    .map(([, value]) => value)
}

export function headerOf(message: SipMessage, name: string): string {
  return headersOf(message, name)[0] ?? ''
}

export function methodOf(message: SipMessage): string {
  return message.startLine.startsWith('SIP/2.0') ? '' : (message.startLine.split(' ')[0] ?? '')
}

export function statusOf(message: SipMessage): number {
  return message.startLine.startsWith('SIP/2.0') ? Number(message.startLine.split(' ')[1]) : 0
}

export function replyTo(
  request: SipMessage,
  status: number,
  more: { tag?: string; headers?: readonly (readonly [string, string])[]; body?: string } = {},
): string {
  const to = headerOf(request, 'To')
  return writeSip(
    `SIP/2.0 ${status} Test`,
    [
      ...headersOf(request, 'Via').map((via) => ['Via', via] as const),
      ['From', headerOf(request, 'From')],
      ['To', to.includes(';tag=') || more.tag === undefined ? to : `${to};tag=${more.tag}`],
      ['Call-ID', headerOf(request, 'Call-ID')],
      ['CSeq', headerOf(request, 'CSeq')],
      ...(more.headers ?? []),
    ],
    more.body,
  )
}
