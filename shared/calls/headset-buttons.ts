/** What the calls are doing, as a headset's lights show it. All false: no call. */
export interface HeadsetCall {
  readonly ringing: boolean
  /** A call is up or being made. */
  readonly offHook: boolean
  readonly muted: boolean
  readonly held: boolean
}

/** What the adviser asked for with a button. Nothing changes, on the headset either, before the calls have done it. */
export type HeadsetAction = 'answer' | 'end' | 'hold' | 'resume' | 'mute' | 'unmute' | 'reject'

export const noCall: HeadsetCall = { ringing: false, offHook: false, muted: false, held: false }

/** One report of the headset: the buttons it speaks of (USB HID Usage Tables §14, telephony page). */
export interface HeadsetReport {
  /** A state, not a press: true is off the hook. */
  readonly hookSwitch?: boolean
  readonly mute?: boolean
  readonly flash?: boolean
  readonly drop?: boolean
}

/** What is believed of the headset. Times are milliseconds since 1970. */
export interface HeadsetButtonsState {
  /** What its lights were last asked to show. */
  readonly call: HeadsetCall
  readonly hook: boolean
  /** It went off the hook without a call of ours. */
  readonly strayHookSince: number | null
  /** Its buttons answer to another program's call. */
  readonly heldElsewhere: boolean
  readonly last: HeadsetReport
  readonly mutePressedAt: number
  readonly muteReleasedAt: number
  readonly muteLightAt: number
  readonly offHookLightAt: number
}

export interface HeadsetStep {
  readonly state: HeadsetButtonsState
  readonly action: HeadsetAction | null
  /** The headset no longer shows what it should: its lights must be set again. */
  readonly lightsLost: boolean
}

/** Off the hook for longer without our call: a press by mistake is taken back by the headset itself. */
export const strayHookMs = 3_000
/** Some headsets report a light that was set as if its button had been pressed. */
const muteEchoMs = 250
const hookEchoMs = 400
/** With two programs on one headset, the other may drop the hook when mute is pressed. That ends no call of ours. */
const muteHookMs = 500
/** A mute that stays pressed is the position of the microphone's arm; a button is let go sooner. */
const armMs = 700

const longAgo = Number.NEGATIVE_INFINITY

export const newHeadsetButtons: HeadsetButtonsState = {
  call: noCall,
  hook: false,
  strayHookSince: null,
  heldElsewhere: false,
  last: {},
  mutePressedAt: longAgo,
  muteReleasedAt: longAgo,
  muteLightAt: longAgo,
  offHookLightAt: longAgo,
}

/** The calls changed. */
export function headsetApplied(
  state: HeadsetButtonsState,
  call: HeadsetCall,
  at: number,
): HeadsetButtonsState {
  const next = { ...state, call, muteLightAt: call.muted === state.call.muted ? state.muteLightAt : at }
  if (call.offHook === state.call.offHook) return next
  // It lies on the hook: whoever took it from the call that is over has let go since.
  if (state.heldElsewhere) return { ...next, heldElsewhere: state.hook || call.offHook }
  return call.offHook
    ? { ...next, hook: true, strayHookSince: null, offHookLightAt: at }
    : { ...next, hook: false, strayHookSince: null }
}

/** Time went by: a headset that stays off the hook without us is another program's. */
export function headsetWaited(state: HeadsetButtonsState, at: number): HeadsetButtonsState {
  const stray = state.strayHookSince !== null && at - state.strayHookSince >= strayHookMs
  return stray ? { ...state, strayHookSince: null, heldElsewhere: true } : state
}

/**
 * A report came. `muteIsState`: the headset describes mute as a state rather than a press, so that letting go of it
 * after a while is a word too.
 */
export function headsetReported(
  state: HeadsetButtonsState,
  report: HeadsetReport,
  at: number,
  muteIsState: boolean,
): HeadsetStep {
  const pressed = (button: 'mute' | 'flash' | 'drop') =>
    report[button] === true && state.last[button] !== true
  const next = { ...state, last: { ...state.last, ...report } }
  // What a report with mute in it says of the hook is not believed: no call ends on mute.
  if (pressed('mute')) return takenWithMute(state, report, mutePressed(next, at))
  if (report.mute === false && state.last.mute === true) {
    return takenWithMute(state, report, muteReleased(next, at, muteIsState))
  }
  if (pressed('flash')) {
    return state.call.offHook && ours(state) ? act(next, state.call.held ? 'resume' : 'hold') : idle(next)
  }
  if (pressed('drop')) return dropPressed(next, at)
  if (report.mute === true || report.hookSwitch === undefined || report.hookSwitch === state.hook) {
    return idle(next)
  }
  return report.hookSwitch ? hookLifted(next, at) : hookDropped(next, at)
}

function mutePressed(state: HeadsetButtonsState, at: number): HeadsetStep {
  const next = { ...state, mutePressedAt: at }
  const echo = at - state.muteLightAt < muteEchoMs
  if (!state.call.offHook || !ours(state) || echo) return idle(next)
  return act(next, state.call.muted ? 'unmute' : 'mute')
}

/** A hook that drops in a report of mute was dropped by another program, if this headset ever said that it was off. */
function takenWithMute(before: HeadsetButtonsState, report: HeadsetReport, step: HeadsetStep): HeadsetStep {
  const dropped = report.hookSwitch === false && before.last.hookSwitch === true && before.call.offHook
  return dropped ? { ...step, state: { ...step.state, hook: false, heldElsewhere: true } } : step
}

function muteReleased(state: HeadsetButtonsState, at: number, muteIsState: boolean): HeadsetStep {
  const next = { ...state, muteReleasedAt: at }
  const armMoved = muteIsState && at - state.mutePressedAt >= armMs
  return armMoved && ours(state) && state.call.offHook && state.call.muted
    ? act({ ...next, muteLightAt: at }, 'unmute')
    : idle(next)
}

function dropPressed(state: HeadsetButtonsState, at: number): HeadsetStep {
  if (!ours(state) || justMuted(state, at)) return idle(state)
  if (state.call.ringing) return act(state, 'reject')
  return state.call.offHook ? act(state, 'end') : idle(state)
}

function hookLifted(state: HeadsetButtonsState, at: number): HeadsetStep {
  const next = { ...state, hook: true }
  if (!ours(state) && state.call.offHook) {
    return { state: { ...next, heldElsewhere: false }, action: null, lightsLost: true }
  }
  if (!ours(state) || state.call.offHook) return idle(next)
  return state.call.ringing ? act(next, 'answer') : idle({ ...next, strayHookSince: at })
}

function hookDropped(state: HeadsetButtonsState, at: number): HeadsetStep {
  const next = { ...state, hook: false, strayHookSince: null }
  // The other program has let go: the headset is ours again, and shows what our calls do.
  if (!ours(state)) {
    const hook = state.call.offHook
    return { state: { ...next, hook, heldElsewhere: false }, action: null, lightsLost: true }
  }
  if (!state.call.offHook) return idle(next)
  if (at - state.offHookLightAt < hookEchoMs) return idle(state)
  if (justMuted(state, at)) return idle({ ...next, heldElsewhere: true })
  // Another call waits: taking it holds this one, while ending this one could not be undone.
  if (state.call.ringing) return { state, action: 'answer', lightsLost: true }
  return act(next, 'end')
}

const ours = (state: HeadsetButtonsState) => !state.heldElsewhere
const justMuted = (state: HeadsetButtonsState, at: number) =>
  at - Math.max(state.mutePressedAt, state.muteReleasedAt) < muteHookMs
const idle = (state: HeadsetButtonsState): HeadsetStep => ({ state, action: null, lightsLost: false })
const act = (state: HeadsetButtonsState, action: HeadsetAction): HeadsetStep => ({
  state,
  action,
  lightsLost: false,
})
