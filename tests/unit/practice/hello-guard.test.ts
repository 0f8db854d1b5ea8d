import { describe, expect, it } from 'vitest'
import { createHelloGuard, helloPart } from '#electron/practice/residents/hello-guard.ts'

/** A DTLS record with a handshake fragment. */
function record({ type = 22, epoch = 0, handshake = 1, message = 0, offset = 0 } = {}): Buffer {
  const datagram = Buffer.alloc(60)
  datagram[0] = type
  datagram.writeUInt16BE(epoch, 3)
  datagram[13] = handshake
  datagram.writeUInt16BE(message, 17)
  datagram.writeUIntBE(offset, 19, 3)
  return datagram
}

describe('the hello guard', () => {
  it('knows a ClientHello from everything else', () => {
    expect(helloPart(record({ message: 1, offset: 7 }))).toEqual({ message: 1, offset: 7 })
    expect(helloPart(record({ type: 23 }))).toBeNull()
    expect(helloPart(record({ handshake: 16 }))).toBeNull()
    expect(helloPart(record({ epoch: 1 }))).toBeNull()
    expect(helloPart(Buffer.from([22, 1]))).toBeNull()
    expect(helloPart(Buffer.alloc(0))).toBeNull()
  })

  it('lets each hello through once, in all its parts', () => {
    let now = 0
    const passes = createHelloGuard(() => now)
    expect(passes(record())).toBe(true)
    expect(passes(record({ offset: 900 }))).toBe(true)
    now = 50
    expect(passes(record())).toBe(false)
    expect(passes(record({ message: 1 }))).toBe(true)
    expect(passes(record({ message: 1 }))).toBe(false)
  })

  it('lets the newest through again when its answer must have been lost', () => {
    let now = 0
    const passes = createHelloGuard(() => now)
    passes(record())
    now = 1500
    expect(passes(record())).toBe(true)
    passes(record({ message: 1 }))
    now = 10_000
    expect(passes(record())).toBe(false)
    expect(passes(record({ message: 1 }))).toBe(true)
  })

  it('never stands in the way of sound', () => {
    const passes = createHelloGuard(() => 0)
    const sound = Buffer.alloc(172, 0x80)
    expect([passes(sound), passes(sound), passes(sound)]).toEqual([true, true, true])
  })
})
