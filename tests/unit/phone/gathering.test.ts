import { describe, expect, it } from 'vitest'
import {
  gathered,
  hasEnough,
  ufragOf,
  wantedCandidate,
  withoutCandidates,
} from '#renderer/platform/sip/gathering.ts'
import { fakeClock, settled } from './samples.ts'

const host = 'a=candidate:1 1 udp 2122260223 192.0.2.5 50000 typ host generation 0\r\n'
const tcp = 'a=candidate:2 1 tcp 1518280447 192.0.2.5 9 typ host tcptype active\r\n'
const reflexive =
  'a=candidate:3 1 udp 1686052607 198.51.100.7 50000 typ srflx raddr 192.0.2.5 rport 50000\r\n'
const relayed = 'a=candidate:4 1 udp 41885439 203.0.113.9 60000 typ relay raddr 198.51.100.7 rport 50000\r\n'

describe('the candidates of a description', () => {
  it('are enough with one of this machine’s own addresses when no server is configured', () => {
    expect(wantedCandidate([])).toBe('host')
    expect(hasEnough(host, 'host')).toBe(true)
    expect(hasEnough(tcp, 'host')).toBe(false)
    expect(hasEnough('', 'host')).toBe(false)
  })

  it('are enough only with what the configured servers are there for', () => {
    const wantsRelay = wantedCandidate([
      { urls: ['stun:stun.example.org'] },
      { urls: ['turns:turn.example.org'] },
    ])
    expect(wantsRelay).toBe('relay')
    expect(hasEnough(host + reflexive, wantsRelay)).toBe(false)
    expect(hasEnough(host + relayed, wantsRelay)).toBe(true)
    const wantsReflexive = wantedCandidate([{ urls: ['stun:stun.example.org'] }])
    expect(hasEnough(host, wantsReflexive)).toBe(false)
    expect(hasEnough(host + reflexive, wantsReflexive)).toBe(true)
  })

  it('belong to one beginning of ICE, named by its fragment', () => {
    expect(ufragOf('v=0\r\na=ice-ufrag:Ab+/\r\na=ice-pwd:secret\r\n')).toBe('Ab+/')
  })
})

class FakeConnection extends EventTarget {
  iceGatheringState: RTCIceGatheringState = 'new'
  localDescription = { sdp: '' }

  find(candidate: string): void {
    this.localDescription.sdp += candidate
    this.dispatchEvent(new Event('icecandidate'))
  }

  enter(state: RTCIceGatheringState): void {
    this.iceGatheringState = state
    this.dispatchEvent(new Event('icegatheringstatechange'))
  }
}

function begin({
  servers = [] as { urls: string[] }[],
  isRestart = false,
  from = new FakeConnection(),
} = {}) {
  const clock = fakeClock()
  let isOver = false
  void gathered(from as unknown as RTCPeerConnection, {
    clock,
    wanted: wantedCandidate(servers),
    isRestart,
  }).then(() => {
    isOver = true
  })
  return {
    connection: from,
    clock,
    async isOver() {
      await settled()
      return isOver
    },
  }
}

describe('gathering for a description', () => {
  it('is over a moment after the last address of the machine itself, not when all is complete', async () => {
    const { connection, clock, isOver } = begin()
    connection.enter('gathering')
    connection.find(host)
    clock.advance(15)
    connection.find(host)
    clock.advance(15)
    expect(await isOver()).toBe(false)
    clock.advance(5)
    expect(await isOver()).toBe(true)
  })

  it('waits for a relay where one is configured, but no longer than a second', async () => {
    const patient = begin({ servers: [{ urls: ['turn:turn.example.org'] }] })
    patient.connection.find(host)
    patient.clock.advance(999)
    expect(await patient.isOver()).toBe(false)
    patient.clock.advance(1)
    expect(await patient.isOver()).toBe(true)
    const lucky = begin({ servers: [{ urls: ['turn:turn.example.org'] }] })
    lucky.connection.find(host)
    lucky.connection.find(relayed)
    lucky.clock.advance(20)
    expect(await lucky.isOver()).toBe(true)
  })

  it('is over when there is nothing more to come', async () => {
    const { connection, isOver } = begin()
    connection.enter('complete')
    expect(await isOver()).toBe(true)
  })

  it('does not take the end of the gathering before a restart for its own', async () => {
    const from = new FakeConnection()
    from.enter('complete')
    const { connection, clock, isOver } = begin({ from, isRestart: true })
    expect(await isOver()).toBe(false)
    connection.enter('gathering')
    connection.find(host)
    clock.advance(20)
    expect(await isOver()).toBe(true)
    connection.enter('complete')
    expect(await begin({ from }).isOver()).toBe(true)
  })
})

it('takes the candidates out of a description, and tells which section each was in', () => {
  const head = 'v=0\r\na=ice-ufrag:abcd\r\n'
  const audio = 'm=audio 50000 UDP/TLS/RTP/SAVPF 0\r\n'
  const video = 'm=video 0 UDP/TLS/RTP/SAVPF 96\r\n'
  const full = `${head}${audio}${host}${tcp}a=end-of-candidates\r\na=mid:0\r\n${video}${relayed}`
  const { sdp, candidates } = withoutCandidates(full)
  expect(sdp).toBe(`${head}${audio}a=mid:0\r\n${video}`)
  expect(candidates.map(({ candidate, sdpMLineIndex }) => `${sdpMLineIndex} a=${candidate}\r\n`)).toEqual([
    `0 ${host}`,
    `0 ${tcp}`,
    `1 ${relayed}`,
  ])
})
