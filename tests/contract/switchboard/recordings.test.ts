import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createRecordings, type Recordings } from '#electron/practice/residents/recordings.ts'
import { createCallControl } from '#electron/practice/switchboard/call-control.ts'
import type { CallView } from '#electron/practice/switchboard/call-records.ts'
import type { CallControlPort } from '#electron/practice/switchboard/ports.ts'
import type { CallStatus } from '#shared/contract/rest.ts'
import { silentLog } from '#shared/kernel/log.ts'
import { SimClock } from '#tests/support/sim-clock.ts'

let folder: string
let clock: SimClock
let recordings: Recordings
let control: CallControlPort
let calls: CallView[]
const told: string[] = []

const call = (callId: string, ...advisers: string[]): CallView => ({
  callId,
  phase: 'answered',
  queueId: null,
  advisers,
  users: [],
  startedAt: 0,
})
const describeStatus = ({ callId, recording, supervisor }: CallStatus): string =>
  `${callId} ${recording.name} ${supervisor}`

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'recordings-'))
  clock = new SimClock()
  recordings = await createRecordings({ folder, clock, log: silentLog })
  calls = [call('one', 'sam'), call('two', 'nia'), call('consult', 'sam', 'nia')]
  control = createCallControl({ recorder: recordings, calls: () => calls })
  told.length = 0
  control.onChanged((adviserId, status) => told.push(`${adviserId}: ${describeStatus(status)}`))
})
afterEach(async () => {
  await recordings.stop()
  await rm(folder, { recursive: true, force: true })
})

const frame = (byte: number): Buffer => Buffer.alloc(160, byte)

describe('a call on record', () => {
  it('is known to its advisers, and other calls are not on record', async () => {
    recordings.begin('one')
    const since = new Date(clock.now()).toISOString()
    const recording = { name: 'recording', since } as const
    expect(control.status('one')).toEqual({ callId: 'one', recording, supervisor: 'none' })
    expect(control.status('consult')?.recording).toEqual({ name: 'none' })
    expect(control.status('elsewhere')).toBeNull()
    expect((await control.setRecordingPaused('consult', true)).recording).toEqual({ name: 'none' })
    await expect(control.setRecordingPaused('elsewhere', true)).rejects.toThrow()
    expect(control.advisersOf('consult')).toEqual(['sam', 'nia'])
    expect(told).toEqual(['sam: one recording none'])
  })

  it('stays paused when it is passed on, until the limit', async () => {
    const recording = recordings.begin('one')
    const paused = await control.setRecordingPaused('one', true)
    const resumesAt = new Date(clock.now() + 120_000).toISOString()
    expect(paused.recording).toMatchObject({ name: 'paused', resumesAt })
    await clock.run(60_000)
    recording.covers('two')
    expect(control.status('two')?.recording).toMatchObject({ name: 'paused', resumesAt })
    recording.leaves('one')
    expect(control.status('one')?.recording).toEqual({ name: 'none' })
    await clock.run(60_000)
    expect(control.status('two')?.recording.name).toBe('recording')
    expect(told.slice(0, 3)).toEqual([
      'sam: one recording none',
      'sam: one paused none',
      'nia: two paused none',
    ])
    recording.end()
    expect(control.status('two')?.recording).toEqual({ name: 'none' })
  })

  it('says when a supervisor listens', () => {
    recordings.begin('one').supervise('listening')
    expect(recordings.supervise('one', 'advising')).toBe(true)
    expect(recordings.supervise('consult', 'advising')).toBe(false)
    expect(told.slice(1)).toEqual(['sam: one recording listening', 'sam: one recording advising'])
  })

  it('has its sound in the file before a pause is confirmed', async () => {
    const recording = recordings.begin('one')
    for (let i = 0; i < 3; i++) recording.frame(frame(1), frame(2))
    await control.setRecordingPaused('one', true)
    const [file = ''] = await readdir(folder)
    const wav = await readFile(join(folder, file))
    expect(wav.length).toBe(58 + 3 * 320)
    expect(wav.readUInt32LE(54)).toBe(3 * 320)
    expect([...wav.subarray(58, 62)]).toEqual([1, 2, 1, 2])
    recording.frame(frame(1), frame(2))
    await control.setRecordingPaused('one', false)
    recording.frame(null, frame(2))
    recording.end()
    await recordings.stop()
    const whole = await readFile(join(folder, file))
    expect([...whole.subarray(58 + 3 * 320, 62 + 3 * 320)]).toEqual([255, 255, 255, 255])
    expect([...whole.subarray(-2)]).toEqual([255, 2])
  })
})

describe('the folder of recordings', () => {
  it('keeps the newest when practice starts', async () => {
    const days = Array.from({ length: 5 }, (_, day) => `2026-01-0${day + 1}T00-00-00-000Z-0.wav`)
    for (const file of [...days, 'notes.txt']) await writeFile(join(folder, file), '')
    await createRecordings({ folder, clock, log: silentLog, keep: 2 })
    expect((await readdir(folder)).sort()).toEqual([...days.slice(3), 'notes.txt'])
  })
})
