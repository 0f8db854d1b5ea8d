import { constants, copyFile, type FileHandle, open, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { JournalEntry } from '#shared/contract/journal.ts'
import { type AppError, appError } from '#shared/kernel/app-error.ts'
import type { Log } from '#shared/kernel/log.ts'
import { err, ok, type Result } from '#shared/kernel/result.ts'
import { errorCode, makePrivateFolder, writeDurably } from '../durable-file.ts'
import {
  applyRecord,
  type JournalRecord,
  parseRecord,
  readableEntries,
  type Unsettled,
  withoutKnown,
} from './journal-content.ts'
import {
  encodeFrame,
  encodeHeader,
  type FileKey,
  newFileKey,
  readFrames,
  readHeader,
} from './journal-format.ts'

/**
 * Unsent work of one adviser in one file. What was answered ok is on the disk: it survives the loss of power, of this
 * process and of the browser database.
 */
export interface Journal {
  /** Answers once the entries are flushed. Codes: `journal/disk-full`, `journal/not-written`, `journal/unreadable`. */
  append(entries: readonly JournalEntry[]): Promise<Result<null>>
  /** Unsettled entries in order of saving. */
  read(): Promise<Result<JournalEntry[]>>
  settle(operationIds: readonly string[]): Promise<Result<null>>
  close(): Promise<void>
}

export interface JournalOptions {
  readonly file: string
  /** 32 bytes. */
  readonly dataKey: Uint8Array
  readonly log: Log
  /** From this size on the file is rewritten without what is settled. */
  readonly compactAtBytes?: number
}

interface Job {
  readonly record: JournalRecord
  readonly answer: (result: Result<null>) => void
}

/** The file as this process last saw it. */
interface OpenFile {
  readonly handle: FileHandle
  readonly inode: number
  readonly fileKey: FileKey
  readonly unsettled: Unsettled
  size: number
  nextSequence: number
}

/** Fails with `journal/unreadable` when the file was made with another key; the file is left alone then. */
export async function openJournal(options: JournalOptions): Promise<Result<Journal>> {
  const { file, dataKey, log, compactAtBytes = 1024 * 1024 } = options
  let current: OpenFile | undefined
  let compactAt = compactAtBytes
  let waiting: Job[] = []
  let lastTask: Promise<unknown> = Promise.resolve()

  /** One task at a time, in the order they were asked for. */
  function inTurn<T>(task: () => Promise<Result<T>>): Promise<Result<T>> {
    const result = lastTask.then(task).catch(async (error) => {
      await undo()
      return err(fileError(error))
    })
    lastTask = result
    return result
  }

  /** Another process wrote, a write failed half-way, or the file was removed or replaced: it is read again. */
  async function upToDate(): Promise<Result<OpenFile>> {
    const known = current
    const found = known && (await stat(file).catch(() => undefined))
    if (known && found?.ino === known.inode && found.size === known.size) return ok(known)
    await closeCurrent()
    const opened = await openFile(options)
    if (!opened.ok) return opened
    current = opened.value
    if (known && found?.ino !== known.inode) {
      // What was answered as saved must be in the file that is there now. At worst it is sent twice, which is harmless.
      log.error('journal/replaced', { missing: !found })
      await appendRecords(current, [{ saved: [...known.unsettled.values()] }])
    }
    return opened
  }

  async function closeCurrent(): Promise<void> {
    const handle = current?.handle
    current = undefined
    await handle?.close().catch(() => {})
  }

  /** Takes half a frame away again. What cannot be taken away is found and cut when the file is next read. */
  async function undo(): Promise<void> {
    await current?.handle.truncate(current.size).catch(() => {})
    await closeCurrent()
  }

  /** Everything that waited for the disk goes there together: one flush for many saves. */
  async function writeWaiting(): Promise<Result<null>> {
    const jobs = waiting
    waiting = []
    if (jobs.length === 0) return ok(null)
    const result = await write(jobs.map((job) => job.record))
    for (const job of jobs) job.answer(result)
    if (result.ok) await compactWhenDue(jobs.some((job) => 'settled' in job.record))
    return result
  }

  async function write(records: readonly JournalRecord[]): Promise<Result<null>> {
    try {
      const state = await upToDate()
      if (!state.ok) return state
      await appendRecords(state.value, records)
      return ok(null)
    } catch (error) {
      log.error('journal/write-failed', { error: errorCode(error) })
      await undo()
      return err(fileError(error))
    }
  }

  async function compactWhenDue(hasSettled: boolean): Promise<void> {
    if (!current) return
    const isAllSettled = hasSettled && current.unsettled.size === 0
    if (!isAllSettled && current.size < compactAt) return
    const before = current.size
    const entries = [...current.unsettled.values()]
    try {
      // Closed first: Windows does not replace an open file.
      await closeCurrent()
      await writeWhole(file, dataKey, entries)
      const opened = await upToDate()
      const after = opened.ok ? opened.value.size : 0
      compactAt = Math.max(compactAtBytes, after * 2)
      log.debug('journal/compacted', { before, after, entries: entries.length })
    } catch (error) {
      log.error('journal/not-compacted', { error: errorCode(error) })
      compactAt = before * 2
    }
  }

  function enqueue(record: Job['record']): Promise<Result<null>> {
    return new Promise((answer) => {
      waiting.push({ record, answer })
      if (waiting.length === 1) void inTurn(writeWaiting)
    })
  }

  const opened = await inTurn(upToDate)
  if (!opened.ok) return opened
  compactAt = Math.max(compactAtBytes, opened.value.size * 2)
  return ok({
    append: (entries) => enqueue({ saved: entries }),
    settle: (operationIds) => enqueue({ settled: operationIds }),
    read: () =>
      inTurn(async () => {
        const state = await upToDate()
        return state.ok ? ok(readableEntries(state.value.unsettled)) : state
      }),
    close: async () => {
      await inTurn(async () => {
        await closeCurrent()
        return ok(null)
      })
    },
  })
}

/** On failure the caller drops `state`, which may be ahead of the disk then. */
async function appendRecords(state: OpenFile, records: readonly JournalRecord[]): Promise<void> {
  const frames: Buffer[] = []
  for (const record of records) {
    const news = withoutKnown(state.unsettled, record)
    if (!news) continue
    applyRecord(state.unsettled, news)
    frames.push(encodeFrame(state.fileKey, state.nextSequence + frames.length, JSON.stringify(news)))
  }
  if (frames.length === 0) return
  const bytes = Buffer.concat(frames)
  for (let written = 0; written < bytes.length; ) {
    written += (await state.handle.write(bytes, written)).bytesWritten
  }
  await state.handle.datasync()
  state.size += bytes.length
  state.nextSequence += frames.length
}

/** What a look at the file comes to. */
type Reading =
  | { readonly name: 'open'; readonly opened: OpenFile }
  | { readonly name: 'unreadable' }
  /** To be made anew of these, and opened again. */
  | { readonly name: 'rewrite'; readonly entries: readonly unknown[] }
  | { readonly name: 'grown' }

async function openFile(options: JournalOptions): Promise<Result<OpenFile>> {
  const { file, dataKey } = options
  await makePrivateFolder(dirname(file))
  // Read by the handle that will write: another process may put another file, with another key, there at any moment.
  const handle = await openThere(file)
  const reading = handle ? await read(handle, options) : ({ name: 'rewrite', entries: [] } as const)
  if (reading.name === 'open') return ok(reading.opened)
  // Windows does not replace an open file.
  await handle?.close()
  if (reading.name === 'unreadable') return err(appError('journal/unreadable', 'never'))
  if (reading.name === 'rewrite') await writeWhole(file, dataKey, reading.entries)
  return openFile(options)
}

/** To read and append, unless there is no such file. */
async function openThere(file: string): Promise<FileHandle | null> {
  return open(file, constants.O_RDWR | constants.O_APPEND).catch((error) => {
    if (errorCode(error) === 'ENOENT') return null
    throw error
  })
}

async function read(handle: FileHandle, options: JournalOptions): Promise<Reading> {
  try {
    return await readContent(handle, options)
  } catch (error) {
    await handle.close()
    throw error
  }
}

async function readContent(handle: FileHandle, { file, dataKey, log }: JournalOptions): Promise<Reading> {
  const bytes = await handle.readFile()
  const header = readHeader(bytes, dataKey)
  if (header.name === 'unreadable') return { name: 'unreadable' }
  if (header.name === 'incomplete') {
    if (bytes.length > 0) log.error('journal/tail-cut', { bytes: bytes.length })
    return { name: 'rewrite', entries: [] }
  }

  const { fileKey } = header
  const { texts, damagedInsideBytes, goodBytes, nextSequence } = readFrames(bytes, fileKey)
  const unsettled: Unsettled = new Map()
  let strangers = 0
  for (const text of texts) {
    const record = parseRecord(text)
    strangers += record ? applyRecord(unsettled, record).strangers : 1
  }
  if (strangers > 0) log.error('journal/not-understood', { count: strangers })
  if (damagedInsideBytes > 0) {
    log.error('journal/damaged', { bytes: damagedInsideBytes, frames: texts.length })
    await keepCopy(file, 'damaged')
    return { name: 'rewrite', entries: [...unsettled.values()] }
  }
  if (goodBytes < bytes.length) {
    if (await hasGrown(handle, bytes.length)) return { name: 'grown' }
    log.error('journal/tail-cut', { bytes: bytes.length - goodBytes })
    await handle.truncate(goodBytes)
    await handle.sync()
  }
  const { ino } = await handle.stat()
  return { name: 'open', opened: { handle, inode: ino, fileKey, unsettled, size: goodBytes, nextSequence } }
}

/**
 * Whether the end of the file was read while another process wrote there. Changing the times waits for a write that is
 * not finished; nothing else tells a frame in the making from one that a crash has cut.
 */
async function hasGrown(handle: FileHandle, readBytes: number): Promise<boolean> {
  const now = new Date()
  await handle.utimes(now, now)
  return (await handle.stat()).size !== readBytes
}

/** Replaces the file by one that holds just these entries. */
async function writeWhole(file: string, dataKey: Uint8Array, entries: readonly unknown[]): Promise<void> {
  const fileKey = newFileKey(dataKey)
  const frames = entries.map((entry, index) =>
    encodeFrame(fileKey, index + 1, JSON.stringify({ saved: [entry] } satisfies JournalRecord)),
  )
  await writeDurably(file, Buffer.concat([encodeHeader(fileKey), ...frames]))
}

/** Sets a copy aside for whoever looks into the damage. It stays encrypted. */
async function keepCopy(file: string, why: string): Promise<void> {
  for (let number = 1; number <= 100; number += 1) {
    try {
      await copyFile(file, `${file}.${why}-${number}`, constants.COPYFILE_EXCL)
      return
    } catch (error) {
      if (errorCode(error) !== 'EEXIST') throw error
    }
  }
}

function fileError(error: unknown): AppError {
  const code = errorCode(error)
  return appError(
    code === 'ENOSPC' || code === 'EDQUOT' ? 'journal/disk-full' : 'journal/not-written',
    'now',
    code,
  )
}
