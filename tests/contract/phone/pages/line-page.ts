/* The telephone alone, on a microphone that hums 1 kHz: for what only lines do, without page and desk around them. */

import { browserClock, browserRandom } from '#renderer/phone/browser-ports.ts'
import { createSipPhone, type SipPhone } from '#renderer/platform/sip/sip-phone.ts'
import type { LineCommand, PhoneEvent } from '#shared/calls/phone.ts'
import type { SipAccount } from '#shared/contract/rest.ts'
import type { Clock } from '#shared/kernel/clock.ts'

declare global {
  interface Window {
    lineHarness: Harness
  }
}

interface Harness {
  readonly logged: readonly { level: string; code: string; facts?: unknown }[]
  readonly recorded: readonly PhoneEvent[]
  readonly phone: SipPhone
  microphoneLive: boolean
  /** Lets the time run out for what is to happen this long after it was begun; answers for how many things. */
  runOut(delayMs: number): number
  /** The clock goes on by so much at once; timers are left as they are. */
  passTime(ms: number): void
}

const account = new URL(location.href).searchParams.get('account')
if (account === null) throw new Error('no account')
window.lineHarness = createHarness(JSON.parse(account) as SipAccount)

function createHarness(sip: SipAccount): Harness {
  const context = new AudioContext()
  const hum = context.createOscillator()
  hum.frequency.value = 1_000
  const microphone = context.createMediaStreamDestination()
  hum.connect(microphone)
  hum.start()
  const logged: { level: string; code: string; facts?: unknown }[] = []
  const recorded: PhoneEvent[] = []
  const waiting = new Map<() => void, number>()
  let aheadMs = 0
  const clock: Clock = {
    now: () => browserClock.now() + aheadMs,
    after(delayMs, run) {
      const due = () => {
        cancel()
        run()
      }
      const stop = browserClock.after(delayMs, due)
      const cancel = () => {
        stop()
        waiting.delete(due)
      }
      waiting.set(due, delayMs)
      return cancel
    },
  }
  const harness: Harness = {
    logged,
    recorded,
    microphoneLive: true,
    runOut(delayMs) {
      const due = [...waiting].filter(([, each]) => each === delayMs)
      for (const [run] of due) run()
      return due.length
    },
    passTime(ms) {
      aheadMs += ms
    },
    phone: createPhone(),
  }

  function createPhone(): SipPhone {
    return createSipPhone({
      account: sip,
      iceServers: [],
      instanceId: crypto.randomUUID(),
      clock,
      random: browserRandom,
      log: {
        error: (code, facts) => logged.push({ level: 'error', code, facts }),
        info: (code, facts) => logged.push({ level: 'info', code, facts }),
        debug: (code, facts) => logged.push({ level: 'debug', code, facts }),
      },
      record: (event) => recorded.push(event),
      media: {
        voiceTrack: () =>
          harness.microphoneLive ? (microphone.stream.getAudioTracks()[0]?.clone() ?? null) : null,
        onVoiceChanged: () => () => {},
        play(stream) {
          const element = document.createElement('audio')
          element.autoplay = true
          element.srcObject = stream
          document.body.append(element)
          return {
            silence(on) {
              element.muted = on
            },
            stop() {
              element.remove()
            },
          }
        },
      },
    })
  }

  // What the rig asks of a desk is asked of the telephone itself.
  Object.assign(window, {
    phone: {
      snapshot: () => harness.phone.snapshot(),
      execute: (command: LineCommand) => harness.phone.execute(command),
    },
  })
  void context.resume()
  void harness.phone.execute({ name: 'register' })
  return harness
}
