import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { connectPhone, type PhoneClient } from '#renderer/platform/bridge/phone-client.ts'
import { newSnapshot } from '#shared/calls/snapshot.ts'
import type { PhoneMessage, PhoneSnapshot } from '#shared/contract/phone.ts'
import { lineId, sampleLine } from '#tests/unit/features/phone-samples.ts'

const snapshot: PhoneSnapshot = newSnapshot('7a2c8f9e-3b1d-4c5e-9f60-1a2b3c4d5e6f', 1)

/** The desk's end of a channel whose other end is the test. */
function createChannel() {
  const sent: PhoneMessage[] = []
  const channel = {
    onmessage: null as ((event: { data: unknown }) => void) | null,
    postMessage: (message: PhoneMessage) => sent.push(message),
    close() {},
  }
  return { sent, channel, say: (data: unknown) => channel.onmessage?.({ data }) }
}

let wire: ReturnType<typeof createChannel>
let client: PhoneClient

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'performance'] })
  wire = createChannel()
  client = connectPhone(wire.channel as unknown as BroadcastChannel)
})
afterEach(() => {
  client.close()
  vi.useRealTimers()
})

describe('the desk’s client of the phone', () => {
  it('asks until the phone answers, and knows nothing before', () => {
    expect(client.snapshot()).toBeNull()
    vi.advanceTimersByTime(1_100)
    expect(wire.sent).toHaveLength(3)
    const listener = vi.fn()
    client.subscribe(listener)
    wire.say({ type: 'snapshot', snapshot })
    expect(client.snapshot()).toEqual(snapshot)
    expect(listener).toHaveBeenCalledOnce()
  })

  it('knows nothing again when the phone stops answering', () => {
    wire.say({ type: 'snapshot', snapshot })
    vi.advanceTimersByTime(10_000)
    expect(client.snapshot()).toBeNull()
  })

  it('keeps the snapshot of a phone that is quiet but answers', () => {
    wire.say({ type: 'snapshot', snapshot })
    const listener = vi.fn()
    client.subscribe(listener)
    for (let second = 2; second < 30; second += 1) {
      const before = wire.sent.length
      vi.advanceTimersByTime(1_000)
      if (wire.sent.length > before)
        wire.say({ type: 'snapshot', snapshot: { ...snapshot, takenAt: second } })
    }
    expect(client.snapshot()).toEqual(snapshot)
    expect(listener).not.toHaveBeenCalled()
  })

  it('hands on the very object of what says the same, so that only what changed is drawn anew', () => {
    const listener = vi.fn()
    client.subscribe(listener)
    wire.say({ type: 'snapshot', snapshot })
    const before = client.snapshot()
    wire.say({ type: 'snapshot', snapshot: { ...structuredClone(snapshot), takenAt: 2, autoAnswer: true } })
    const after = client.snapshot()
    expect(listener).toHaveBeenCalledTimes(2)
    expect(after).toEqual({ ...snapshot, takenAt: 2, autoAnswer: true })
    expect(after?.devices).toBe(before?.devices)
    expect(after?.lines).toBe(before?.lines)
  })

  it('keeps the other calls as they were when one of them changes', () => {
    const [first, second] = [sampleLine({ id: lineId(1) }), sampleLine({ id: lineId(2) })]
    wire.say({ type: 'snapshot', snapshot: { ...snapshot, lines: [first, second] } })
    const before = client.snapshot()?.lines
    const muted = { ...second, muted: true }
    wire.say({ type: 'snapshot', snapshot: { ...snapshot, lines: structuredClone([first, muted]) } })
    const after = client.snapshot()?.lines
    expect(after).toEqual([first, muted])
    expect(after?.[0]).toBe(before?.[0])
    wire.say({ type: 'snapshot', snapshot: { ...snapshot, lines: structuredClone([muted]) } })
    expect(client.snapshot()?.lines).toEqual([muted])
  })

  it('ignores what does not fit the contract', () => {
    wire.say({ type: 'snapshot', snapshot: { ...snapshot, lines: 'none' } })
    wire.say(null)
    expect(client.snapshot()).toBeNull()
  })

  it('hands back what the phone answered to a command', async () => {
    const done = client.execute({ name: 'register' })
    const command = wire.sent.at(-1)
    const commandId = command?.type === 'command' ? command.commandId : ''
    wire.say({ type: 'answer', commandId, error: { code: 'calls/signed-out', retry: 'never' } })
    expect(await done).toEqual({ ok: false, error: { code: 'calls/signed-out', retry: 'never' } })
  })

  it('gives up on a command after 5 s', async () => {
    const done = client.execute({ name: 'register' })
    vi.advanceTimersByTime(5_000)
    expect(await done).toMatchObject({
      ok: false,
      error: { code: 'calls/phone-not-answering', retry: 'now' },
    })
  })
})
