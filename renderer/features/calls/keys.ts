import { type CallsStore, lineInHand } from './store.ts'

/** A second press of F2 this soon after answering is a slip of the finger, not a wish to hang up. */
const answerGuardMs = 1_500

/**
 * Call control by function keys, from anywhere in the desk: F2 answer or end, F4 hold or resume, F6 mute,
 * F8 Ready. Returns whether the key was one of them.
 */
export function callKey(store: CallsStore, key: string, now: number): boolean {
  const { snapshot, execute } = store.getState()
  if (key === 'F8') {
    const name = snapshot?.agent?.state.name
    // A state not heard yet is asked for too: a key that does nothing says nothing.
    if (name === undefined || name === 'not-ready' || name === 'wrap-up')
      void execute({ name: 'requestAgentState', request: { name: 'ready' } })
    return true
  }
  if (key !== 'F2' && key !== 'F4' && key !== 'F6') return false
  const line = lineInHand(snapshot?.lines ?? [])
  if (line === undefined) return true

  const talking = line.state.name === 'active' || line.state.name === 'held'
  if (key === 'F2') {
    if (line.state.name === 'ringing') void execute({ name: 'answer', lineId: line.id })
    else if (now - (line.times.answeredAt ?? line.times.invitedAt) > answerGuardMs)
      void execute({ name: 'hangUp', lineId: line.id })
  } else if (key === 'F4' && talking) {
    const held = line.state.name === 'held' && line.state.by !== 'resident'
    void execute({ name: held ? 'resume' : 'hold', lineId: line.id })
  } else if (key === 'F6' && talking) {
    void execute({ name: 'setMuted', lineId: line.id, muted: !line.muted })
  }
  return true
}
