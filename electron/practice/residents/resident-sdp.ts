/* What werift's descriptions (RFC 8866) need before they leave, and what is read from the adviser's. */

export type Direction = 'sendrecv' | 'sendonly' | 'recvonly' | 'inactive'

const directionLine = /^a=(sendrecv|sendonly|recvonly|inactive)\s*$/m

/** The direction of the (only) stream as its sender sees it. */
export function directionOf(sdp: string): Direction {
  return (directionLine.exec(sdp)?.[1] as Direction | undefined) ?? 'sendrecv'
}

/** The sender leaves the checks to us (RFC 8839 §5.3). */
export function isLiteOffer(sdp: string): boolean {
  return /^a=ice-lite\s*$/m.test(sdp)
}

/** RFC 3264 §6.1, wanting as much sound as is offered. */
export function answerDirection(offered: Direction): Direction {
  if (offered === 'sendonly') return 'recvonly'
  return offered === 'recvonly' ? 'sendonly' : offered
}

/**
 * Practice never leaves this machine, so only loopback candidates are told; ICE-lite is said for the session, where
 * RFC 8839 §5.3 wants it; port 0 would reject the stream that hold only quietens (RFC 3264 §8.4); and the origin
 * stays that of one session whose version rises (§8).
 */
export function tidyDescription(
  sdp: string,
  origin: { id: number; version: number },
  isLite: boolean,
): string {
  const lines = sdp.split(/\r?\n/).filter((line) => {
    if (line === 'a=ice-lite') return false
    return !line.startsWith('a=candidate:') || line.split(' ')[4] === '127.0.0.1'
  })
  return lines
    .map((line) => {
      if (line.startsWith('o=')) return `o=- ${origin.id} ${origin.version} IN IP4 127.0.0.1`
      if (line.startsWith('t=') && isLite) return `${line}\r\na=ice-lite`
      return line.replace(/^m=audio 0 /, 'm=audio 9 ')
    })
    .join('\r\n')
}
