import { isLive, isUp } from '#shared/calls/line.ts'
import type { Cancel, Clock } from '#shared/kernel/clock.ts'
import type { SipLine } from './line.ts'

/** Every line there is, and which of them is spoken on. */
export interface LiveLines {
  /** Oldest first; an ended one stays until it is forgotten. */
  all(): readonly SipLine[]
  live(): SipLine[]
  find(lineId: string): SipLine | undefined
  add(line: SipLine): void
  forget(line: SipLine): void
  /** Only one conversation is spoken on: the others are silenced at once and held as soon as their far ends agree. */
  speakOnlyOn(chosen: readonly SipLine[]): void
  /** To be called after every change. */
  follow(): void
  stop(): void
}

const closeLookForMs = 5_000
const closeLookEveryMs = 50
const lookEveryMs = 200
/** Packets come every 20 to 60 ms; this long without one that was expected is worth asking whether the network is there. */
const stalledMs = 300

export function createLiveLines(clock: Clock, onStalled: () => void): LiveLines {
  let lines: SipLine[] = []
  let spokenOn: readonly SipLine[] = []
  let looking: Cancel | null = null
  let lookedAt = 0
  /** Turned from while they were being answered: they can be held only once they are up. */
  const holdOnceUp = new Set<SipLine>()
  const lastMoved = new WeakMap<SipLine, { packets: number; at: number; isTold: boolean }>()

  const live = () => lines.filter((line) => isLive(line.line()))
  const stateOf = (line: SipLine) => line.line().state.name

  function speakOnlyOn(chosen: readonly SipLine[]): void {
    spokenOn = chosen
    for (const line of live()) {
      const silenced = !chosen.includes(line)
      line.park(silenced)
      holdOnceUp.delete(line)
      if (silenced && stateOf(line) === 'active') void line.hold()
      if (silenced && stateOf(line) === 'answering') holdOnceUp.add(line)
    }
  }

  /**
   * When the conversation is over, a line is left that was silenced and could not be held, or that still rings or
   * dials: it is not to stay silent. A held one stays held.
   */
  function unparkWhatIsLeft(): void {
    if (spokenOn.some((line) => isLive(line.line()))) return
    const left = live()
    const next =
      left.findLast((line) => stateOf(line) === 'active') ?? (left.length === 1 ? left[0] : undefined)
    spokenOn = next === undefined ? [] : [next]
    next?.park(false)
  }

  function holdWhatCameUp(): void {
    for (const line of holdOnceUp) {
      if (stateOf(line) === 'answering') continue
      holdOnceUp.delete(line)
      if (stateOf(line) === 'active') void line.hold()
    }
  }

  /** Reads the sound of every call, closely while one is young and has no sound in both directions yet. */
  function look(): void {
    const up = lines.filter((line) => isUp(line.line()))
    if (up.length === 0) {
      looking = null
      return
    }
    looking = clock.after(up.some(isYoung) || up.some(isStalling) ? closeLookEveryMs : lookEveryMs, () => {
      Promise.allSettled(up.map((line) => line.sample())).then(() => {
        lookedAt = clock.now()
        if (up.map(hasStalled).includes(true)) onStalled()
        look()
      })
    })
  }

  /** True once for each time at which sound that was flowing stops; long before anyone is told that it is silent. */
  function hasStalled(line: SipLine): boolean {
    const { inbound, packetsReceived: packets } = line.line().sound
    const last = lastMoved.get(line)
    if (inbound !== 'flowing' || last === undefined || last.packets !== packets) {
      lastMoved.set(line, { packets, at: clock.now(), isTold: false })
      return false
    }
    if (last.isTold || clock.now() - last.at < stalledMs) return false
    last.isTold = true
    return true
  }

  /** The last look saw nothing new: whether that is a stall is to be known soon. */
  function isStalling(line: SipLine): boolean {
    const last = lastMoved.get(line)
    return last !== undefined && !last.isTold && last.at < lookedAt
  }

  function isYoung(line: SipLine): boolean {
    const { answeredAt, twoWayAt } = line.line().times
    return twoWayAt === null && answeredAt !== null && clock.now() - answeredAt < closeLookForMs
  }

  return {
    all: () => lines,
    live,
    find: (lineId) => lines.find((each) => each.line().id === lineId),
    add(line) {
      lines = [...lines, line]
    },
    forget(line) {
      lines = lines.filter((each) => each !== line)
    },
    speakOnlyOn,
    follow() {
      holdWhatCameUp()
      unparkWhatIsLeft()
      if (looking === null && lines.some((line) => isUp(line.line()))) look()
    },
    stop: () => looking?.(),
  }
}
