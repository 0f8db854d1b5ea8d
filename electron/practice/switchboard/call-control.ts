import type { CallStatus } from '#shared/contract/rest.ts'
import type { CallView } from './call-records.ts'
import type { CallControlPort, RecorderPort } from './ports.ts'

export interface CallControlOptions {
  readonly recorder: RecorderPort
  /** Of the switchboard; empty while there is none. */
  calls(): readonly CallView[]
}

/** Joins what the recorder knows of calls with whose calls they are. */
export function createCallControl({ recorder, calls }: CallControlOptions): CallControlPort {
  const callOf = (callId: string): CallView | undefined => calls().find((call) => call.callId === callId)
  const advisersOf = (callId: string): readonly string[] => callOf(callId)?.advisers ?? []

  const status = (callId: string): CallStatus | null =>
    callOf(callId) === undefined ? null : (recorder.status(callId) ?? unrecorded(callId))

  return {
    status,
    advisersOf,

    async setRecordingPaused(callId, paused) {
      if (callOf(callId) === undefined) throw new Error('no such call')
      return (await recorder.setPaused(callId, paused)) ?? unrecorded(callId)
    },

    onChanged: (listener) =>
      recorder.onChanged((changed) => {
        for (const adviserId of advisersOf(changed.callId)) listener(adviserId, changed)
      }),
  }
}

const unrecorded = (callId: string): CallStatus => ({
  callId,
  recording: { name: 'none' },
  supervisor: 'none',
})
