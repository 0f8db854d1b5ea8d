import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import type { SafeStorage } from '#electron/main/session/os-vault.ts'
import type { Adviser } from '#shared/contract/rest.ts'
import type { Clock } from '#shared/kernel/clock.ts'
import type { Log, LogFacts, LogLevel } from '#shared/kernel/log.ts'

/** A folder that is gone when the test is. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'adviser-desktop-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

export interface RecordedLine {
  readonly level: LogLevel
  readonly code: string
  readonly facts: LogFacts | undefined
}

export interface RecordingLog extends Log {
  readonly lines: RecordedLine[]
  codes(): string[]
}

export function recordingLog(): RecordingLog {
  const lines: RecordedLine[] = []
  const write = (level: LogLevel) => (code: string, facts?: LogFacts) =>
    void lines.push({ level, code, facts })
  return {
    lines,
    codes: () => lines.map((line) => line.code),
    error: write('error'),
    info: write('info'),
    debug: write('debug'),
  }
}

export interface FakeClock extends Clock {
  advance(ms: number): void
}

export function fakeClock(startMs = Date.UTC(2026, 10, 2, 9)): FakeClock {
  let now = startMs
  let timers: { at: number; run: () => void }[] = []
  return {
    now: () => now,
    after: (delayMs, run) => {
      const timer = { at: now + delayMs, run }
      timers.push(timer)
      return () => {
        timers = timers.filter((other) => other !== timer)
      }
    },
    advance: (ms) => {
      now += ms
      const due = timers.filter((timer) => timer.at <= now)
      timers = timers.filter((timer) => timer.at > now)
      for (const timer of due) timer.run()
    },
  }
}

/** Wraps by turning the bytes over: enough to tell wrapped from plain. */
export function fakeSafeStorage(
  backend = 'gnome_libsecret',
): SafeStorage & { isPlainTextAllowed(): boolean } {
  let plainTextAllowed = false
  const flip = (bytes: Buffer) => Buffer.from(bytes.map((byte) => byte ^ 0xa5))
  return {
    isPlainTextAllowed: () => plainTextAllowed,
    isEncryptionAvailable: () => backend !== 'none' && (backend !== 'basic_text' || plainTextAllowed),
    encryptString: (text) => Buffer.concat([Buffer.from('v10'), flip(Buffer.from(text))]),
    decryptString: (wrapped) => {
      if (wrapped.subarray(0, 3).toString() !== 'v10') throw new Error('not wrapped here')
      return flip(wrapped.subarray(3)).toString()
    },
    getSelectedStorageBackend: () => backend,
    setUsePlainTextEncryption: (use) => {
      plainTextAllowed = use
    },
  }
}

export const adviser: Adviser = {
  id: 'adv-1',
  username: 'practice.adviser',
  name: 'Practice Adviser',
  languages: ['en'],
}
