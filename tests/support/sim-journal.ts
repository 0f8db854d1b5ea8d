import {
  applyRecord,
  parseRecord,
  readableEntries,
  type Unsettled,
  withoutKnown,
} from '#electron/main/journal/journal-content.ts'
import {
  encodeFrame,
  encodeHeader,
  headerBytes,
  newFileKey,
  readFrames,
} from '#electron/main/journal/journal-format.ts'
import type { JournalEntry } from '#shared/contract/journal.ts'

const fileKey = newFileKey(new Uint8Array(32).fill(7))

/** The main process's journal as bytes in memory, in the real format: they can be cut anywhere. */
export class SimJournal {
  #file = encodeHeader(fileKey)
  #nextSequence = 1
  /** As the main process last read the file; null when it has to read it again. */
  #unsettled: Unsettled | null = new Map()

  entries(): readonly JournalEntry[] {
    return readableEntries(this.#read())
  }

  /** `written` is how much reaches the disk, from 0 to 1; less when the crash comes before the flush. */
  append(entries: readonly JournalEntry[], written = 1): void {
    this.#write({ saved: entries }, written)
  }

  settle(operationIds: readonly string[], written = 1): void {
    this.#write({ settled: operationIds }, written)
    if (this.#unsettled?.size !== 0) return
    this.#file = this.#file.subarray(0, headerBytes)
    this.#nextSequence = 1
  }

  #write(record: Parameters<typeof withoutKnown>[1], written: number): void {
    const unsettled = this.#read()
    const news = withoutKnown(unsettled, record)
    if (!news) return
    const frame = encodeFrame(fileKey, this.#nextSequence, JSON.stringify(news))
    this.#file = Buffer.concat([this.#file, frame.subarray(0, Math.floor(frame.length * written))])
    this.#nextSequence += 1
    if (written < 1) this.#unsettled = null
    else applyRecord(unsettled, news)
  }

  /** The file ends here from now on: `share` of it is left, to the byte, and no record in whose middle that is. */
  truncate(share: number): void {
    const length = headerBytes + Math.floor((this.#file.length - headerBytes) * share)
    this.#file = this.#file.subarray(0, length)
    this.#unsettled = null
  }

  #read(): Unsettled {
    if (this.#unsettled) return this.#unsettled
    const frames = readFrames(this.#file, fileKey)
    const unsettled: Unsettled = new Map()
    for (const text of frames.texts) {
      const record = parseRecord(text)
      if (record) applyRecord(unsettled, record)
    }
    this.#file = this.#file.subarray(0, frames.goodBytes)
    this.#nextSequence = frames.nextSequence
    this.#unsettled = unsettled
    return unsettled
  }
}
