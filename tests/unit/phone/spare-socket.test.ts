import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { createSpareSocket } from '#renderer/platform/sip/spare-socket.ts'
import { fakeClock, settled } from './samples.ts'

class FakeSocket {
  static readonly OPEN = 1
  static made: FakeSocket[] = []
  readyState = 0
  isClosed = false
  onopen: () => void = () => {}
  onclose: () => void = () => {}

  constructor() {
    FakeSocket.made.push(this)
  }

  open(): void {
    this.readyState = FakeSocket.OPEN
    this.onopen()
  }

  close(): void {
    this.isClosed = true
  }
}

beforeEach(() => {
  FakeSocket.made = []
  vi.stubGlobal('WebSocket', FakeSocket)
})
afterEach(() => {
  vi.unstubAllGlobals()
})

const address = 'wss://sip.example.org'

it('is handed over once it is open, and then is nobody else’s', async () => {
  const spare = createSpareSocket(fakeClock())
  const opening = spare.open(address)
  expect(spare.take()).toBeNull()
  const [socket] = FakeSocket.made
  socket?.open()
  expect(await opening).toBe(true)
  expect(spare.take()).toBe(socket)
  expect(spare.take()).toBeNull()
  spare.close()
  expect(socket?.isClosed).toBe(false)
})

it('says so when it cannot be opened, at once or in five seconds', async () => {
  const clock = fakeClock()
  const spare = createSpareSocket(clock)
  const refused = spare.open(address)
  FakeSocket.made[0]?.onclose()
  expect(await refused).toBe(false)
  const outcome: boolean[] = []
  void spare.open(address).then((isOpen) => outcome.push(isOpen))
  clock.advance(5_000)
  await settled()
  expect(outcome).toEqual([false])
  expect(FakeSocket.made[1]?.isClosed).toBe(true)
})

it('gives up the one begun before, which may have been begun on a network that is gone', async () => {
  const spare = createSpareSocket(fakeClock())
  const first = spare.open(address)
  const second = spare.open(address)
  expect(await first).toBe(false)
  expect(FakeSocket.made[0]?.isClosed).toBe(true)
  FakeSocket.made[1]?.open()
  expect(await second).toBe(true)
})
