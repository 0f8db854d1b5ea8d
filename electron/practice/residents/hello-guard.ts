/*
 * werift makes new keys for every ClientHello it sees, also for one that is merely sent again because this process
 * was busy, and then can never agree with the browser. On loopback nothing gets lost, so one of each is enough.
 */

const handshake = 22
const clientHello = 1
/** Chromium asks again after 50 ms and doubles; a hello this late means that the answer was lost after all. */
const askAgainMs = 1500

/** Which part of which ClientHello a datagram begins with (RFC 6347 §4.1, §4.2.2); null for anything else. */
export function helloPart(datagram: Buffer): { message: number; offset: number } | null {
  if (datagram.length < 25 || datagram[0] !== handshake || datagram[13] !== clientHello) return null
  const isEncrypted = datagram.readUInt16BE(3) !== 0
  return isEncrypted ? null : { message: datagram.readUInt16BE(17), offset: datagram.readUIntBE(19, 3) }
}

/** Answers whether a datagram may reach werift. */
export function createHelloGuard(now: () => number): (datagram: Buffer) => boolean {
  const passedAt = new Map<string, number>()
  let newest = -1

  return (datagram) => {
    const part = helloPart(datagram)
    if (part === null) return true
    const key = `${part.message}/${part.offset}`
    const before = passedAt.get(key)
    const isStale = part.message < newest
    if (before !== undefined && (isStale || now() - before < askAgainMs)) return false
    newest = Math.max(newest, part.message)
    passedAt.set(key, now())
    return true
  }
}
