import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  type HeadsetAction,
  type HeadsetCall,
  type HeadsetReport,
  headsetApplied,
  headsetReported,
  headsetWaited,
  newHeadsetButtons,
  noCall,
} from '#shared/calls/headset-buttons.ts'

const ringing: HeadsetCall = { ...noCall, ringing: true }
const talking: HeadsetCall = { ...noCall, offHook: true }

/** A headset and a clock of a second between whatever happens, unless told otherwise. */
function headset({ muteIsState = false } = {}) {
  let state = newHeadsetButtons
  let at = 0
  let lightsLost = 0
  const it = {
    apply(call: HeadsetCall, afterMs = 1_000) {
      at += afterMs
      state = headsetApplied(state, call, at)
      return it
    },
    report(report: HeadsetReport, afterMs = 1_000): HeadsetAction | null {
      at += afterMs
      const step = headsetReported(state, report, at, muteIsState)
      state = step.state
      if (step.lightsLost) lightsLost += 1
      return step.action
    },
    /** Pressed and let go, as most headsets tell it. */
    press(button: 'mute' | 'flash' | 'drop', afterMs = 1_000): HeadsetAction | null {
      const action = it.report({ [button]: true }, afterMs)
      expect(it.report({ [button]: false }, 30)).toBeNull()
      return action
    },
    wait(ms: number) {
      at += ms
      state = headsetWaited(state, at)
      return it
    },
    held: () => state.heldElsewhere,
    lightsLost: () => lightsLost,
  }
  return it
}

describe('the buttons of a headset', () => {
  it('answer a ringing call and end it', () => {
    const it = headset().apply(ringing)
    expect(it.report({ hookSwitch: true })).toBe('answer')
    it.apply(talking)
    expect(it.report({ hookSwitch: false })).toBe('end')
    expect(it.apply(noCall).held()).toBe(false)
  })

  it('end a call that was answered in the desk, whether or not the headset repeats the hook', () => {
    const repeating = headset().apply(ringing).apply(talking)
    expect(repeating.report({ hookSwitch: true }, 20)).toBeNull()
    expect(repeating.report({ hookSwitch: false })).toBe('end')
    expect(headset().apply(talking).report({ hookSwitch: false })).toBe('end')
  })

  it('mute and unmute, each press by what the call is', () => {
    const it = headset().apply(talking)
    expect(it.press('mute')).toBe('mute')
    it.apply({ ...talking, muted: true }, 10)
    expect(it.press('mute')).toBe('unmute')
    it.apply(talking, 10).apply({ ...talking, muted: true })
    expect(it.press('mute')).toBe('unmute')
  })

  it('hold, resume and reject', () => {
    const it = headset().apply(talking)
    expect(it.press('flash')).toBe('hold')
    expect(it.apply({ ...talking, held: true }).press('flash')).toBe('resume')
    expect(it.apply(noCall).apply(ringing).press('drop')).toBe('reject')
  })

  it('do nothing without a call', () => {
    const it = headset()
    expect([it.press('mute'), it.press('flash'), it.press('drop'), it.report({ hookSwitch: true })]).toEqual([
      null,
      null,
      null,
      null,
    ])
    expect(it.report({ hookSwitch: false })).toBeNull()
    expect(it.held()).toBe(false)
  })

  it('take a waiting call rather than end the one that is up, and ask for the light again', () => {
    const it = headset().apply(talking)
    it.apply({ ...talking, ringing: true })
    expect(it.report({ hookSwitch: false })).toBe('answer')
    expect(it.lightsLost()).toBe(1)
    it.apply(talking)
    expect(it.report({ hookSwitch: false })).toBe('end')
  })

  it('are not taken for pressed when a light only comes back as an echo', () => {
    const it = headset().apply(talking)
    it.apply({ ...talking, muted: true })
    expect(it.press('mute', 60)).toBeNull()
    const answered = headset().apply(ringing).apply(talking)
    expect(answered.report({ hookSwitch: false }, 100)).toBeNull()
    expect(answered.report({ hookSwitch: true }, 10)).toBeNull()
    expect(answered.report({ hookSwitch: false })).toBe('end')
  })

  it('follow the arm of a microphone that is folded away and back, where mute is a state', () => {
    const it = headset({ muteIsState: true }).apply(talking)
    expect(it.report({ mute: true })).toBe('mute')
    it.apply({ ...talking, muted: true }, 10)
    expect(it.report({ mute: false }, 5_000)).toBe('unmute')
    const button = headset({ muteIsState: true }).apply(talking)
    expect(button.report({ mute: true })).toBe('mute')
    button.apply({ ...talking, muted: true }, 10)
    expect(button.report({ mute: false }, 200)).toBeNull()
  })
})

describe('a headset of two programs', () => {
  it('never ends a call because mute was pressed, whatever the hook says with it', () => {
    const inOneReport = headset().apply(talking)
    expect(inOneReport.report({ mute: true, hookSwitch: false })).toBe('mute')
    expect(inOneReport.held()).toBe(false)
    const soonAfter = headset().apply(talking)
    expect(soonAfter.press('mute')).toBe('mute')
    expect(soonAfter.report({ hookSwitch: false }, 200)).toBeNull()
    expect(soonAfter.held()).toBe(true)
    const withRelease = headset().apply(talking)
    withRelease.report({ hookSwitch: true })
    expect(withRelease.report({ mute: true, hookSwitch: true })).toBe('mute')
    expect(withRelease.report({ mute: false, hookSwitch: false }, 80)).toBeNull()
    expect(withRelease.report({ hookSwitch: false }, 5_000)).toBeNull()
    expect(withRelease.held()).toBe(true)
  })

  it('is ours again when it goes off the hook in our call, and with the next call in any case', () => {
    const taken = () => {
      const it = headset().apply(talking)
      it.press('mute')
      it.report({ hookSwitch: false }, 100)
      return it
    }
    const back = taken()
    expect(back.report({ hookSwitch: true })).toBeNull()
    expect([back.held(), back.lightsLost()]).toEqual([false, 1])
    const next = taken().apply(noCall).apply(ringing)
    expect(next.report({ hookSwitch: true })).toBe('answer')
  })

  it('is the other one’s once it stays off the hook without a call of ours', () => {
    const it = headset()
    it.report({ hookSwitch: true })
    expect(it.wait(2_000).held()).toBe(false)
    expect(it.wait(1_000).held()).toBe(true)
  })

  it('does nothing with its buttons until the other lets go, and then shows our call again', () => {
    const it = headset()
    it.report({ hookSwitch: true })
    it.wait(3_000).apply(ringing)
    expect([it.press('mute'), it.press('flash'), it.press('drop')]).toEqual([null, null, null])
    it.apply(talking)
    expect(it.report({ hookSwitch: false })).toBeNull()
    expect([it.held(), it.lightsLost()]).toEqual([false, 1])
    expect(it.report({ hookSwitch: false })).toBe('end')
  })
})

it('ends no call by any sequence in which only mute is pressed', () => {
  const step = fc.record({
    mute: fc.boolean(),
    /** Hooks drop only with mute or shortly after it, as when another program meddles. */
    drops: fc.boolean(),
    afterMs: fc.nat(400),
  })
  fc.assert(
    fc.property(fc.array(step), (steps) => {
      const it = headset().apply(talking)
      for (const { mute, drops, afterMs } of steps) {
        const action = it.report({ mute: true, ...(drops ? { hookSwitch: false } : {}) }, 600)
        if (action === 'mute' || action === 'unmute') it.apply({ ...talking, muted: action === 'mute' }, 1)
        expect(action).not.toBe('end')
        expect(it.report({ mute, ...(drops ? { hookSwitch: false } : {}) }, afterMs)).not.toBe('end')
      }
    }),
  )
})
