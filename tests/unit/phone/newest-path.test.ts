import { expect, it } from 'vitest'
import { preferNewest } from '#renderer/platform/sip/newest-path.ts'

const candidate = (priority: number) => `a=candidate:1 1 udp ${priority} 192.0.2.5 50000 typ host\r\n`
const host = 2_122_260_223
const hostOfSecondNetwork = 2_122_194_687
const reflexive = 1_686_052_607
const relay = 41_885_439

function priorities(generation: number, ...of: number[]): number[] {
  const sdp = preferNewest(
    `v=0\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111\r\n${of.map(candidate).join('')}`,
    generation,
  )
  return Array.from(sdp.matchAll(/ udp (\d+) /g), ([, priority]) => Number(priority))
}

/** Of a pair (RFC 8445 §6.1.2.3), as far as it decides here. */
const pair = (local: number, remote: number) => Math.min(local, remote)

it('gives a path found after a restart of ICE a higher priority than the one before, on a lesser network too', () => {
  for (let generation = 0; generation < 60; generation += 1) {
    const [before = 0] = priorities(generation, host)
    const [after = 0] = priorities(generation + 1, host)
    expect(pair(hostOfSecondNetwork, after)).toBeGreaterThan(pair(host, before))
  }
})

it('keeps the order of the kinds, within one description and between two', () => {
  const first = priorities(0, host, reflexive, relay)
  const [, laterReflexive = 0, laterRelay = 0] = priorities(63, host, reflexive, relay)
  expect(first).toEqual(first.toSorted((a, b) => b - a))
  expect(first[0]).toBeGreaterThan(laterReflexive)
  expect(first[1]).toBeGreaterThan(laterRelay)
  expect(priorities(1_000, host)).toEqual([host])
  expect(priorities(0, 1)).toEqual([1])
})

it('leaves all else as it was', () => {
  const sdp = 'v=0\r\na=ice-ufrag:abcd\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=rtpmap:111 opus/48000/2\r\n'
  expect(preferNewest(sdp, 3)).toBe(sdp)
})
