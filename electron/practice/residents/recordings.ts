import { createHash } from 'node:crypto'
import { type FileHandle, mkdir, open, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { CallStatus } from '#shared/contract/rest.ts'
import type { Cancel, Clock } from '#shared/kernel/clock.ts'
import type { Log } from '#shared/kernel/log.ts'
import { frameSamples } from './resident-media.ts'
import { interleaved, silence, stereoHeader } from './wav.ts'

/*
 * Calls on record: what the resident hears and says, whoever it is passed on to. One file a resident's visit; while
 * paused silence is written in place of the sound, so that the times in the file stay those of the call.
 */

export interface Recordings {
  /** Of a call just answered. */
  begin(callId: string): Recording
  /** Of a call that is on record now. */
  status(callId: string): CallStatus | null
  /** Resolves once all sound before the pause is in the file; null when the call is not on record. */
  setPaused(callId: string, paused: boolean): Promise<CallStatus | null>
  /** A supervisor listens or speaks in this call. False when it is not on record. */
  supervise(callId: string, supervisor: CallStatus['supervisor']): boolean
  /** Calls that are on record now. */
  callIds(): string[]
  onChanged(listener: (status: CallStatus) => void): () => void
  stop(): Promise<void>
}

export interface Recording {
  /** The resident goes on in this call, with everything as it is. */
  covers(callId: string): void
  /** That call is over. */
  leaves(callId: string): void
  /** 20 ms of both sides, µ-law; null for silence. */
  frame(adviser: Buffer | null, resident: Buffer | null): void
  supervise(supervisor: CallStatus['supervisor']): void
  end(): void
}

export interface RecordingsOptions {
  readonly folder: string
  readonly clock: Clock
  readonly log: Log
  /** After so long a pause ends by itself. */
  readonly pauseLimitMs?: number
  /** How many of earlier days are kept at the start. */
  readonly keep?: number
}

/** Frames between writes: one second. */
const framesAWrite = 50

export async function createRecordings(options: RecordingsOptions): Promise<Recordings> {
  const { folder, clock, log, pauseLimitMs = 120_000, keep = 20 } = options
  const live = new Map<string, LiveRecording>()
  const all = new Set<LiveRecording>()
  const listeners = new Set<(status: CallStatus) => void>()
  await mkdir(folder, { recursive: true, mode: 0o700 })
  await deleteOld()

  async function deleteOld(): Promise<void> {
    const files = (await readdir(folder)).filter((file) => file.endsWith('.wav')).sort()
    for (const file of files.slice(0, Math.max(0, files.length - keep))) await rm(join(folder, file))
  }

  interface LiveRecording extends Recording {
    state(): Pick<CallStatus, 'recording' | 'supervisor'>
    setPaused(paused: boolean): Promise<void>
    written(): Promise<void>
  }

  function record(firstCallId: string): LiveRecording {
    const startedAt = new Date(clock.now()).toISOString()
    const name = `${startedAt.replace(/[:.]/g, '-')}-${createHash('sha256').update(firstCallId).digest('hex').slice(0, 8)}.wav`
    const file = openFile(join(folder, name), log)
    const callIds = new Set<string>()
    let recording: CallStatus['recording'] = { name: 'recording', since: startedAt }
    let supervisor: CallStatus['supervisor'] = 'none'
    let cancelResume: Cancel = () => {}
    let frames: Buffer[] = []

    function tell(...ids: string[]): void {
      for (const callId of ids)
        for (const listener of [...listeners]) listener({ callId, recording, supervisor })
    }

    function write(): void {
      if (frames.length > 0) file.append(Buffer.concat(frames))
      frames = []
    }

    const made: LiveRecording = {
      covers(callId) {
        callIds.add(callId)
        live.set(callId, made)
        tell(callId)
      },
      leaves(callId) {
        callIds.delete(callId)
        live.delete(callId)
      },
      frame(adviser, resident) {
        const isPaused = recording.name === 'paused'
        frames.push(
          interleaved(isPaused ? silence : (adviser ?? silence), isPaused ? silence : (resident ?? silence)),
        )
        if (frames.length >= framesAWrite) write()
      },
      supervise(wanted) {
        if (wanted === supervisor) return
        supervisor = wanted
        tell(...callIds)
      },
      state: () => ({ recording, supervisor }),
      async setPaused(paused) {
        if (paused !== (recording.name === 'paused')) {
          cancelResume()
          const at = clock.now()
          const since = new Date(at).toISOString()
          recording = paused
            ? { name: 'paused', since, resumesAt: new Date(at + pauseLimitMs).toISOString() }
            : { name: 'recording', since }
          if (paused) cancelResume = clock.after(pauseLimitMs, () => void made.setPaused(false))
          write()
        }
        await file.flushed()
        tell(...callIds)
      },
      end() {
        cancelResume()
        for (const callId of callIds) live.delete(callId)
        callIds.clear()
        write()
        file.close()
        file.flushed().then(() => all.delete(made))
      },
      written: () => file.flushed(),
    }
    all.add(made)
    log.info('recordings/began')
    return made
  }

  const statusOf = (callId: string, recording: LiveRecording): CallStatus => ({
    callId,
    ...recording.state(),
  })

  return {
    begin(callId) {
      const made = record(callId)
      made.covers(callId)
      return made
    },
    status(callId) {
      const recording = live.get(callId)
      return recording === undefined ? null : statusOf(callId, recording)
    },
    async setPaused(callId, paused) {
      const recording = live.get(callId)
      if (recording === undefined) return null
      await recording.setPaused(paused)
      return statusOf(callId, recording)
    },
    supervise(callId, supervisor) {
      live.get(callId)?.supervise(supervisor)
      return live.has(callId)
    },
    callIds: () => [...live.keys()],
    onChanged(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    async stop() {
      listeners.clear()
      const open = [...all]
      for (const each of open) each.end()
      await Promise.all(open.map((each) => each.written()))
    },
  }
}

interface SoundFile {
  append(sound: Buffer): void
  close(): void
  /** Resolves when everything asked for so far is done. */
  flushed(): Promise<void>
}

/** The header is right after every write, so that a file can be played whenever the process ended. */
function openFile(path: string, log: Log): SoundFile {
  let bytes = 0
  let isClosed = false
  const handle = open(path, 'wx', 0o600)
  let last: Promise<void> = run((file) => file.write(stereoHeader(0), 0, undefined, 0))

  async function run(act: (file: FileHandle) => Promise<unknown>): Promise<void> {
    try {
      await act(await handle)
    } catch (error) {
      const kind = error instanceof Error && 'code' in error ? String(error.code) : 'unknown'
      log.error('recordings/write-failed', { kind })
    }
  }
  const then = (act: (file: FileHandle) => Promise<unknown>): void => {
    last = last.then(() => run(act))
  }

  return {
    append(sound) {
      if (isClosed) return
      then(async (file) => {
        const header = stereoHeader(bytes + sound.length)
        await file.write(sound, 0, undefined, header.length + bytes)
        bytes += sound.length
        await file.write(header, 0, undefined, 0)
      })
    },
    close() {
      if (isClosed) return
      isClosed = true
      then((file) => file.close())
    },
    flushed: () => last,
  }
}

/** Frames that came from the adviser since the last one that was recorded; at most a few, as the clocks differ. */
export function createFrameBuffer(): { put(frame: Buffer): void; take(): Buffer | null; clear(): void } {
  const frames: Buffer[] = []
  const maxFrames = 5
  return {
    put(frame) {
      if (frame.length !== frameSamples) return
      frames.push(frame)
      if (frames.length > maxFrames) frames.shift()
    },
    take: () => frames.shift() ?? null,
    clear: () => void frames.splice(0),
  }
}
