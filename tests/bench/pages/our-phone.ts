/* The real phone page and, on another end of its channel, the desk's client of it. */
import '#tests/contract/phone/pages/phone-page.ts'
import { followNetwork } from '#renderer/phone/follow-network.ts'
import { connectPhone, type PhoneClient } from '#renderer/platform/bridge/phone-client.ts'
import type {} from '../instrumentation.ts'

declare global {
  interface Window {
    desk: PhoneClient
    contender: Contender
  }
}

/** What is measured of a telephone, ours or another's. Times are milliseconds since 1970. */
export interface Contender {
  registered(): Promise<void>
  /** Resolves once the next call rings, with the time at which whoever shows it heard of it. */
  nextRinging(): Promise<number>
  /** Answers the ringing call; answers with the time of the click. */
  answer(): number
  hangUp(): void
  /** Resolves once no call is left. */
  idle(): Promise<void>
}

followNetwork(window.phoneHarness.page)
const desk = connectPhone()
window.desk = desk
const now = () => performance.timeOrigin + performance.now()

function until<T>(look: () => T | null): Promise<T> {
  return new Promise((resolve) => {
    const tryOnce = () => {
      const found = look()
      if (found === null) return
      stop()
      resolve(found)
    }
    const stop = desk.subscribe(tryOnce)
    queueMicrotask(tryOnce)
  })
}

const newest = () => desk.snapshot()?.lines.at(-1)

window.contender = {
  registered: () =>
    until(() =>
      desk.snapshot()?.registration.name === 'registered' && desk.snapshot()?.microphone.name === 'live'
        ? true
        : null,
    ).then(() => {}),
  nextRinging: () => until(() => (newest()?.state.name === 'ringing' ? now() : null)),
  answer() {
    const at = now()
    const line = newest()
    if (line) void desk.execute({ name: 'answer', lineId: line.id })
    return at
  },
  hangUp() {
    const line = newest()
    if (line) void desk.execute({ name: 'hangUp', lineId: line.id })
  },
  async idle() {
    const line = await until(() => {
      const found = newest()
      return found === undefined || found.state.name === 'ended' ? (found ?? 'none') : null
    })
    if (line !== 'none') await desk.execute({ name: 'dismissLine', lineId: line.id })
    await until(() => (desk.snapshot()?.lines.length === 0 ? true : null))
  },
}
