import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { type Journal, type JournalOptions, openJournal } from '#electron/main/journal/journal.ts'
import { headerBytes } from '#electron/main/journal/journal-format.ts'
import { createJournals } from '#electron/main/journal/journals.ts'
import { silentLog } from '#shared/kernel/log.ts'
import { entry, operationId } from './entries.ts'
import { recordingLog, temporaryFolder } from './fakes.ts'

const dataKey = Buffer.alloc(32, 7)

async function open(file: string, options: Partial<JournalOptions> = {}): Promise<Journal> {
  const journal = await openJournal({ file, dataKey, log: silentLog, ...options })
  if (!journal.ok) throw new Error(journal.error.code)
  return journal.value
}

async function numbersIn(journal: Journal): Promise<number[]> {
  const entries = await journal.read()
  if (!entries.ok) throw new Error(entries.error.code)
  return entries.value.map(({ sequence }) => sequence)
}

async function reopened(file: string, options: Partial<JournalOptions> = {}): Promise<number[]> {
  const journal = await open(file, options)
  const numbers = await numbersIn(journal)
  await journal.close()
  return numbers
}

/** Starts a process that appends; it is ended with the test. */
function startWriter(file: string, from: number, count?: number, shellPrefix = '') {
  const script = join(import.meta.dirname, 'journal-writer.ts')
  const command = `${shellPrefix}exec "$0" "$@"`
  const args = [
    '-c',
    command,
    process.execPath,
    script,
    file,
    String(from),
    ...(count ? [String(count)] : []),
  ]
  const child = spawn('sh', args, { stdio: ['ignore', 'pipe', 'inherit'] })
  onTestFinished(() => void child.kill('SIGKILL'))
  const lines: string[] = []
  child.stdout.setEncoding('utf8').on('data', (text: string) => lines.push(...text.trim().split('\n')))
  return { child, lines, closed: once(child, 'close') }
}

describe('journal', () => {
  test('gives back what was appended, in order of saving, after it is opened again', async () => {
    const file = join(temporaryFolder(), 'a.journal')
    const journal = await open(file)
    await journal.append([entry(2), entry(1)])
    await journal.append([entry(3)])
    const read = await journal.read()
    expect(read).toEqual({ ok: true, value: [entry(1), entry(2), entry(3)] })
    await journal.close()
    expect(await reopened(file)).toEqual([1, 2, 3])
  })

  test('forgets settled entries and keeps the others', async () => {
    const file = join(temporaryFolder(), 'a.journal')
    const journal = await open(file)
    await journal.append([entry(1), entry(2), entry(3)])
    await journal.settle([operationId(2), operationId(9)])
    expect(await numbersIn(journal)).toEqual([1, 3])
    await journal.close()
    expect(await reopened(file)).toEqual([1, 3])
  })

  test('becomes an empty file when everything is settled', async () => {
    const file = join(temporaryFolder(), 'a.journal')
    const journal = await open(file)
    await journal.append([entry(1), entry(2)])
    await journal.settle([operationId(1), operationId(2)])
    expect(await numbersIn(journal)).toEqual([])
    expect(statSync(file).size).toBe(headerBytes)
    await journal.append([entry(3)])
    await journal.close()
    expect(await reopened(file)).toEqual([3])
  })

  test('writes an entry once that is asked for twice', async () => {
    const file = join(temporaryFolder(), 'a.journal')
    const journal = await open(file)
    await journal.append([entry(1)])
    const { size } = statSync(file)
    expect(await journal.append([entry(1)])).toEqual({ ok: true, value: null })
    expect(statSync(file).size).toBe(size)
    expect(await numbersIn(journal)).toEqual([1])
    await journal.close()
  })

  test('keeps the later words when an operation is appended again with other ones', async () => {
    const file = join(temporaryFolder(), 'a.journal')
    const journal = await open(file)
    await journal.append([entry(1, 'first')])
    await journal.append([entry(1, 'second')])
    await journal.close()
    const again = await open(file)
    expect(await again.read()).toEqual({ ok: true, value: [entry(1, 'second')] })
    await again.close()
  })

  test('writes nothing that can be read without the key, and only its owner may open the file', async () => {
    const file = join(temporaryFolder(), 'a.journal')
    const journal = await open(file)
    await journal.append([entry(1, 'bin not emptied')])
    await journal.close()
    const bytes = readFileSync(file)
    for (const word of ['bin not emptied', 'timeline.append', 'case-1', operationId(1)]) {
      expect(bytes.includes(word)).toBe(false)
    }
    expect(statSync(file).mode & 0o777).toBe(0o600)
  })

  test('keeps every whole entry, wherever a crash cuts the file', async () => {
    const folder = temporaryFolder()
    const file = join(folder, 'a.journal')
    const journal = await open(file)
    const ends: number[] = []
    for (const number of [1, 2, 3]) {
      await journal.append([entry(number)])
      ends.push(statSync(file).size)
    }
    await journal.close()
    const whole = readFileSync(file)
    const cut = join(folder, 'cut.journal')
    const [, lastAt = 0] = ends
    for (let length = 0; length <= whole.length; length += length === headerBytes ? lastAt - length - 1 : 1) {
      writeFileSync(cut, whole.subarray(0, length))
      const log = recordingLog()
      const expected = ends.flatMap((end, index) => (end <= length ? [index + 1] : []))
      expect(await reopened(cut, { log }), `cut at ${length}`).toEqual(expected)
      const isClean = [0, headerBytes, ...ends].includes(length)
      expect(log.codes(), `cut at ${length}`).toEqual(isClean ? [] : ['journal/tail-cut'])
    }
    // After a cut the journal goes on behind the last whole entry.
    writeFileSync(cut, whole.subarray(0, whole.length - 5))
    const again = await open(cut)
    await again.append([entry(4)])
    await again.close()
    expect(await reopened(cut)).toEqual([1, 2, 4])
  }, 60_000)

  test('loses the damaged entry alone when a byte changes in the middle, and sets a copy aside', async () => {
    const folder = temporaryFolder()
    const file = join(folder, 'a.journal')
    const journal = await open(file)
    const ends: number[] = [headerBytes]
    for (const number of [1, 2, 3]) {
      await journal.append([entry(number)])
      ends.push(statSync(file).size)
    }
    await journal.close()
    const whole = readFileSync(file)
    const [, secondAt = 0, thirdAt = 0] = ends
    const damaged = join(folder, 'damaged.journal')
    // Every byte of the frame's head, where the length is, and some of the encrypted text.
    for (let at = secondAt; at < thirdAt; at += at < secondAt + 32 ? 1 : 11) {
      const bytes = Buffer.from(whole)
      bytes.writeUInt8(bytes.readUInt8(at) ^ 0x40, at)
      writeFileSync(damaged, bytes)
      const log = recordingLog()
      expect(await reopened(damaged, { log }), `byte ${at}`).toEqual([1, 3])
      expect(log.lines).toMatchObject([
        { level: 'error', code: 'journal/damaged', facts: { bytes: thirdAt - secondAt } },
      ])
      expect(readFileSync(`${damaged}.damaged-1`).equals(bytes)).toBe(true)
      expect(await reopened(damaged, { log })).toEqual([1, 3])
      expect(log.lines).toHaveLength(1)
      rmSync(`${damaged}.damaged-1`)
    }
  }, 60_000)

  test('is not opened, and not touched, with another key', async () => {
    const file = join(temporaryFolder(), 'a.journal')
    const journal = await open(file)
    await journal.append([entry(1)])
    await journal.close()
    const before = readFileSync(file)
    const opened = await openJournal({ file, dataKey: Buffer.alloc(32, 8), log: silentLog })
    expect(opened).toMatchObject({ ok: false, error: { code: 'journal/unreadable' } })
    expect(readFileSync(file).equals(before)).toBe(true)
  })

  test('refuses a frame that was moved from another file of the same key', async () => {
    const folder = temporaryFolder()
    const one = join(folder, 'one.journal')
    const other = join(folder, 'other.journal')
    for (const [file, number] of [
      [one, 1],
      [other, 2],
    ] as const) {
      const journal = await open(file)
      await journal.append([entry(number)])
      await journal.close()
    }
    writeFileSync(one, Buffer.concat([readFileSync(one), readFileSync(other).subarray(headerBytes)]))
    expect(await reopened(one)).toEqual([1])
  })

  test('is rewritten without settled entries when it grows', async () => {
    const file = join(temporaryFolder(), 'a.journal')
    const log = recordingLog()
    const journal = await open(file, { log, compactAtBytes: 20_000 })
    await journal.append([entry(1_000)])
    for (let number = 1; number <= 100; number += 1) {
      await journal.append([entry(number)])
      await journal.settle([operationId(number)])
    }
    expect(log.codes()).toContain('journal/compacted')
    expect(statSync(file).size).toBeLessThan(20_000)
    expect(await numbersIn(journal)).toEqual([1_000])
    await journal.close()
    expect(await reopened(file)).toEqual([1_000])
  })

  test('does not rewrite itself at every entry when much is unsent', async () => {
    const file = join(temporaryFolder(), 'a.journal')
    const log = recordingLog()
    const journal = await open(file, { log, compactAtBytes: 2_000 })
    for (let number = 1; number <= 200; number += 1) await journal.append([entry(number)])
    expect(log.codes().length).toBeLessThan(10)
    expect(await numbersIn(journal)).toHaveLength(200)
    await journal.close()
  })

  test('clears away what a process left that ended while it wrote', async () => {
    const file = join(temporaryFolder(), 'a.journal')
    const journal = await open(file)
    await journal.append([entry(1)])
    await journal.close()
    // Process ids are never this large.
    const leftover = `${file}.99999999.new`
    writeFileSync(leftover, 'half a file')
    const again = await open(file)
    await again.append([entry(2)])
    await again.settle([operationId(1)])
    await again.settle([operationId(2)])
    await again.close()
    expect(existsSync(leftover)).toBe(false)
    expect(await reopened(file)).toEqual([])
  })

  test('flushes many waiting entries together, and answers each', async () => {
    const file = join(temporaryFolder(), 'a.journal')
    const journal = await open(file)
    const results = await Promise.all(
      Array.from({ length: 50 }, (_, index) => journal.append([entry(index + 1)])),
    )
    expect(results.every((result) => result.ok)).toBe(true)
    expect(await numbersIn(journal)).toHaveLength(50)
    await journal.close()
    expect(await reopened(file)).toHaveLength(50)
  })

  test('takes 5,000 entries and reads them in seconds', async () => {
    const file = join(temporaryFolder(), 'a.journal')
    const journal = await open(file)
    // The processor's time: the clock's depends on what else this computer does.
    const before = process.cpuUsage()
    for (let first = 1; first <= 5_000; first += 100) {
      await journal.append(Array.from({ length: 100 }, (_, index) => entry(first + index)))
    }
    await journal.close()
    expect(await reopened(file)).toHaveLength(5_000)
    const { user, system } = process.cpuUsage(before)
    expect((user + system) / 1_000).toBeLessThan(5_000)
  }, 60_000)

  test('has everything it answered after the process is killed', async () => {
    const file = join(temporaryFolder(), 'a.journal')
    const { child, lines, closed } = startWriter(file, 1)
    await expect.poll(() => lines.length, { timeout: 50_000 }).toBeGreaterThan(30)
    child.kill('SIGKILL')
    await closed
    const answered = lines.map(Number)
    const found = await reopened(file)
    expect(found.slice(0, answered.length)).toEqual(answered)
  }, 60_000)

  test('keeps the entries of two processes that write at once', async () => {
    const file = join(temporaryFolder(), 'a.journal')
    const writers = [startWriter(file, 1, 100), startWriter(file, 1_001, 100)]
    await Promise.all(writers.map(({ closed }) => closed))
    const found = await reopened(file)
    for (const { lines } of writers) {
      expect(lines).toHaveLength(100)
      expect(found).toEqual(expect.arrayContaining(lines.map(Number)))
    }
  }, 60_000)

  test('answers not written when the disk takes no more, and keeps what it had', async () => {
    const file = join(temporaryFolder(), 'a.journal')
    // No file larger than this many blocks of 512 bytes: a write is cut in the middle of a frame, then refused.
    const { lines, closed } = startWriter(file, 1, undefined, 'ulimit -f 16; ')
    await closed
    const answered = lines.filter((line) => /^\d+$/.test(line)).map(Number)
    expect(lines.at(-1)).toBe('journal/not-written')
    expect(answered.length).toBeGreaterThan(5)
    const log = recordingLog()
    expect(await reopened(file, { log })).toEqual(answered)
    expect(log.codes()).toEqual([])
  }, 60_000)

  test('writes what it has again when somebody removes the file', async () => {
    const file = join(temporaryFolder(), 'a.journal')
    const journal = await open(file)
    await journal.append([entry(1)])
    rmSync(file)
    expect(await journal.append([entry(2)])).toMatchObject({ ok: true })
    await journal.close()
    expect(await reopened(file)).toEqual([1, 2])
  })

  test('keeps what it answered when another file takes its place, and what that one holds', async () => {
    const folder = temporaryFolder()
    const file = join(folder, 'a.journal')
    const other = join(folder, 'b.journal')
    for (const [path, number] of [
      [file, 1],
      [other, 2],
    ] as const) {
      const journal = await open(path)
      await journal.append([entry(number)])
      await journal.close()
    }
    const journal = await open(file)
    renameSync(other, file)
    expect(await numbersIn(journal)).toEqual([1, 2])
    await journal.close()
    expect(await reopened(file)).toEqual([1, 2])
  })
})

describe('journals', () => {
  const holder = { scope: 'practice', adviserId: 'adv-1' }

  test('keeps advisers apart, and councils', async () => {
    const folder = temporaryFolder()
    const journals = createJournals({ folder, log: silentLog })
    const holders = [
      holder,
      { ...holder, adviserId: 'adv-2' },
      { ...holder, scope: 'https://desk.example.org' },
    ]
    for (const [index, who] of holders.entries()) {
      const journal = await journals.of(who, dataKey)
      if (journal.ok) await journal.value.append([entry(index + 1)])
    }
    await journals.close()
    expect(readdirSync(folder)).toHaveLength(3)
    expect(readdirSync(folder).join()).not.toContain('adv')
    const again = await createJournals({ folder, log: silentLog }).of(holder, dataKey)
    expect(again.ok && (await numbersIn(again.value))).toEqual([1])
  })

  test('sets a journal aside that no key opens any more, so that the adviser can save', async () => {
    const folder = temporaryFolder()
    const log = recordingLog()
    const first = createJournals({ folder, log })
    const written = await first.of(holder, dataKey)
    if (written.ok) await written.value.append([entry(1)])
    await first.close()
    const second = createJournals({ folder, log })
    const journal = await second.of(holder, Buffer.alloc(32, 9))
    expect(journal.ok && (await journal.value.append([entry(2)])).ok).toBe(true)
    await second.close()
    expect(log.lines).toContainEqual({ level: 'error', code: 'journal/set-aside', facts: undefined })
    expect(readdirSync(folder).filter((name) => name.includes('.unreadable-'))).toHaveLength(1)
  })
})
