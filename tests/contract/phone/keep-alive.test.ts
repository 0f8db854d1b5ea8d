import type { Core, UserAgent } from 'sip.js'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { browserClock } from '#renderer/phone/browser-ports.ts'
import type { CheckingTransport } from '#renderer/platform/sip/checking-transport.ts'
import { createKeepAlive, type KeepAlive } from '#renderer/platform/sip/keep-alive.ts'

let keepAlive: KeepAlive
let callIsUp: boolean
let answers: boolean
let isMadeHere: boolean
let asked: number
let lost: number | null
let startedAt: number
const transport = { heardAt: 0, isConnected: () => lost === null, lose: () => {} }

beforeEach(() => {
  vi.useFakeTimers()
  callIsUp = false
  answers = true
  isMadeHere = false
  asked = 0
  lost = null
  startedAt = Date.now()
  transport.heardAt = startedAt
  transport.lose = () => {
    lost = Date.now() - startedAt
  }
  const agent = {
    userAgentCore: {
      configuration: { aor: { clone: () => ({}) } },
      makeOutgoingRequestMessage: () => ({}),
      request(_request: unknown, delegate: Pick<Required<Core.OutgoingRequestDelegate>, 'onReject'>) {
        asked += 1
        if (!answers) return
        setTimeout(() => {
          transport.heardAt = Date.now()
          const message = { hasHeader: (name: string) => name === 'via' && !isMadeHere }
          delegate.onReject({ message } as unknown as Core.IncomingResponse)
        }, 30)
      },
    },
  }
  keepAlive = createKeepAlive(
    agent as unknown as UserAgent,
    transport as unknown as CheckingTransport,
    browserClock,
    () => callIsUp,
  )
  keepAlive.start()
})
afterEach(() => {
  keepAlive.stop()
  vi.useRealTimers()
})

describe('the keep-alive', () => {
  it('asks seldom between calls and often during one', () => {
    vi.advanceTimersByTime(60_000)
    expect(asked).toBe(5)
    callIsUp = true
    vi.advanceTimersByTime(60_000)
    expect(asked).toBe(25)
    expect(lost).toBeNull()
  })

  it('gives up a connection over which nothing is heard, within five seconds during a call', () => {
    callIsUp = true
    answers = false
    vi.advanceTimersByTime(60_000)
    expect(lost).toBe(5_000)
  })

  it('is in more of a hurry when it is asked to be, also while an answer is awaited', () => {
    callIsUp = true
    answers = false
    vi.advanceTimersByTime(3_500)
    keepAlive.check(1_000)
    vi.advanceTimersByTime(10_000)
    expect(lost).toBe(4_500)
    expect(asked).toBe(1)
  })

  it('knows how long the last answer of the switchboard took, over this connection', () => {
    expect(keepAlive.roundTripMs()).toBeNull()
    keepAlive.check(1_000)
    vi.advanceTimersByTime(29)
    expect(keepAlive.roundTripMs()).toBeNull()
    vi.advanceTimersByTime(1)
    expect(keepAlive.roundTripMs()).toBe(30)
    keepAlive.start()
    expect(keepAlive.roundTripMs()).toBeNull()
    isMadeHere = true
    keepAlive.check(1_000)
    vi.advanceTimersByTime(500)
    expect(keepAlive.roundTripMs()).toBeNull()
  })

  it('asks anew when told to check after an answer came', () => {
    keepAlive.check(2_000)
    vi.advanceTimersByTime(500)
    answers = false
    keepAlive.check(1_000)
    vi.advanceTimersByTime(10_000)
    expect(asked).toBe(2)
    expect(lost).toBe(1_500)
  })

  it('knows for how long nothing was heard that should have been', () => {
    expect(keepAlive.silentForMs()).toBeNull()
    vi.advanceTimersByTime(100)
    keepAlive.check(1_000)
    vi.advanceTimersByTime(20)
    expect(keepAlive.silentForMs()).toBe(20)
    vi.advanceTimersByTime(10)
    expect(keepAlive.silentForMs()).toBeNull()
  })
})
