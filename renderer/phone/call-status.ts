import { isLive, isUp } from '#shared/calls/line.ts'
import type { Line } from '#shared/contract/phone.ts'
import type { RecordsApi } from '#shared/contract/records.ts'
import type { CallStatus } from '#shared/contract/rest.ts'
import { appError } from '#shared/kernel/app-error.ts'
import type { Cancel, Clock } from '#shared/kernel/clock.ts'
import type { Log } from '#shared/kernel/log.ts'
import { err, ok, type Result } from '#shared/kernel/result.ts'

export interface CallStatusOptions {
  readonly records: Pick<RecordsApi, 'readCallStatus' | 'pauseRecording'>
  readonly clock: Clock
  readonly log: Log
  lines(): readonly Line[]
  onChange(): void
}

/** What the backend says about recording and supervision of each call, and what the adviser asked of the recorder. */
export interface CallStatuses {
  /** The line with what is known here of its call. */
  withStatus(line: Line): Line
  /** The backend said something by itself. */
  heard(status: CallStatus): void
  /**
   * Asks the recorder to pause or to go on. The line shows a pause when the backend has confirmed it and never before;
   * a pause that could not be asked for is asked for again until the call or the wish is over.
   */
  setPaused(line: Line, paused: boolean): Promise<Result<null>>
  /** Lines changed: asks the backend about calls that were answered, recovered or passed on. */
  follow(): void
  forget(): void
}

type Asked = NonNullable<Line['recordingRequest']>

const tryAgainMs = 2_000

export function createCallStatuses(options: CallStatusOptions): CallStatuses {
  const { records, clock, log } = options
  const statuses = new Map<string, CallStatus>()
  const asked = new Map<string, Asked>()
  /** The adviser wants no recording of these calls. */
  const wanted = new Set<string>()
  const retries = new Map<string, Cancel>()
  /** What was so when the backend was last asked, by Call-ID. */
  const looks = new Map<string, string>()

  function isPaused(callId: string): boolean {
    return statuses.get(callId)?.recording.name === 'paused'
  }

  function heard(status: CallStatus): void {
    const { callId, recording } = status
    const wasPaused = isPaused(callId)
    statuses.set(callId, status)
    const request = asked.get(callId)
    if (request !== undefined && request.paused === (recording.name === 'paused')) stopAsking(callId)
    // The recorder went on by its own clock while something is still not to be recorded.
    if (wasPaused && recording.name === 'recording' && wanted.has(callId) && !asked.has(callId)) {
      log.info('phone.recording-resumed-unasked')
      asked.set(callId, { paused: true, since: clock.now(), outcome: 'refused' })
    }
    options.onChange()
  }

  function stopAsking(callId: string): void {
    asked.delete(callId)
    retries.get(callId)?.()
    retries.delete(callId)
  }

  async function ask(callId: string, paused: boolean, since: number): Promise<Result<null>> {
    const answer = await records
      .pauseRecording(callId, paused)
      .catch(() => err(appError('cases/council-unreachable', 'later')))
    // The adviser has changed their mind meanwhile, or the call is forgotten.
    if (asked.get(callId)?.since !== since) return ok(null)
    if (answer.ok) {
      stopAsking(callId)
      heard(answer.value)
      return ok(null)
    }
    const outcome = answer.error.retry === 'later' ? 'unreachable' : 'refused'
    log.info('phone.recording-not-changed', { code: answer.error.code, paused })
    asked.set(callId, { paused, since, outcome })
    if (outcome === 'unreachable') {
      retries.set(
        callId,
        clock.after(tryAgainMs, () => void ask(callId, paused, since)),
      )
    }
    options.onChange()
    return answer
  }

  async function read(callId: string): Promise<void> {
    const answer = await records.readCallStatus(callId).catch(() => null)
    if (answer?.ok && looks.has(callId)) heard(answer.value)
  }

  function forgetCall(callId: string): void {
    stopAsking(callId)
    statuses.delete(callId)
    wanted.delete(callId)
    looks.delete(callId)
  }

  return {
    heard(status) {
      if (looks.has(status.callId)) heard(status)
    },
    withStatus(line) {
      const status = statuses.get(line.callId) ?? null
      const recordingRequest = asked.get(line.callId) ?? null
      return status === null && recordingRequest === null ? line : { ...line, status, recordingRequest }
    },
    async setPaused({ callId }, paused) {
      if (paused) wanted.add(callId)
      else wanted.delete(callId)
      stopAsking(callId)
      const since = clock.now()
      asked.set(callId, { paused, since, outcome: 'waiting' })
      options.onChange()
      return ask(callId, paused, since)
    },
    follow() {
      const lines = options.lines()
      for (const line of lines) {
        const look = `${isUp(line)} ${line.signalling === 'up'} ${line.transfer?.name ?? ''}`
        const before = looks.get(line.callId)
        looks.set(line.callId, look)
        // Nobody is asked about an ended call: its recorder has stopped.
        if (!isLive(line)) stopAsking(line.callId)
        else if (before !== look && isUp(line) && line.signalling === 'up') void read(line.callId)
      }
      for (const callId of looks.keys()) {
        if (!lines.some((line) => line.callId === callId)) forgetCall(callId)
      }
    },
    forget() {
      for (const callId of looks.keys()) forgetCall(callId)
    },
  }
}
