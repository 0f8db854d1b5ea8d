import { isLive } from '#shared/calls/line.ts'
import type { Cancel, Clock } from '#shared/kernel/clock.ts'
import type { SipLine } from './line.ts'
import type { LiveLines } from './live-lines.ts'

export interface AutoAnswerOptions {
  readonly lines: LiveLines
  readonly clock: Clock
  hasVoice(): boolean
  answer(line: SipLine): void
}

/** Answers calls that ask for it, after a warning in which the adviser can decline. */
export interface AutoAnswer {
  on(): boolean
  set(on: boolean): void
  /** A call rings whose caller wants it answered after `afterMs`. */
  offered(line: SipLine, afterMs: number): void
  /** To be called after every change. */
  follow(): void
}

/** Nobody is put through to a person who had less time than this to notice. */
const warningMs = 2_000

/** Never while another call is up or rings, nor without a microphone: then it rings as any other call. */
export function createAutoAnswer({ lines, clock, hasVoice, answer }: AutoAnswerOptions): AutoAnswer {
  let on = false
  let waiting: { readonly line: SipLine; readonly cancel: Cancel } | null = null

  const alone = (line: SipLine) => lines.live().every((each) => each === line)

  function forget(): void {
    const forgotten = waiting
    waiting = null
    forgotten?.cancel()
    if (forgotten !== null && isLive(forgotten.line.line())) forgotten.line.setAutoAnswerAt(null)
  }

  function due(line: SipLine): void {
    waiting = null
    line.setAutoAnswerAt(null)
    if (on && alone(line) && hasVoice()) answer(line)
  }

  return {
    on: () => on,
    set(wanted) {
      on = wanted
      if (!on) forget()
    },
    offered(line, afterMs) {
      if (!on || waiting !== null || !alone(line) || !hasVoice()) return
      const delayMs = Math.max(warningMs, afterMs)
      waiting = { line, cancel: clock.after(delayMs, () => due(line)) }
      line.setAutoAnswerAt(clock.now() + delayMs)
    },
    follow() {
      if (waiting === null) return
      const { line } = waiting
      if (line.line().state.name !== 'ringing' || !alone(line)) forget()
    },
  }
}
