import type { CouncilApi } from '#shared/cases/council-api.ts'
import { type FileStore, filePartBytes, type WaitingFile } from '#shared/cases/file-store.ts'
import type { Outbox } from '#shared/cases/outbox.ts'
import { backOffMs } from '#shared/cases/sync-rules.ts'
import type { AttachmentView, Unreachable } from '#shared/contract/records.ts'
import type { AppError } from '#shared/kernel/app-error.ts'
import type { Cancel, Clock } from '#shared/kernel/clock.ts'
import type { Log } from '#shared/kernel/log.ts'
import type { Random } from '#shared/kernel/random.ts'
import { ok, type Result } from '#shared/kernel/result.ts'
import { reasonOf } from './reason-of.ts'

export interface AttachmentsParts {
  readonly api: CouncilApi
  readonly files: FileStore
  readonly clock: Clock
  readonly random: Random
  readonly log: Log
  readonly outbox: () => Outbox
  /** Whether the council is known to have the case. */
  readonly hasCase: (caseId: string) => Promise<boolean>
  /** Files of these cases changed or got further. */
  readonly onChanged: (caseIds: readonly string[]) => void
}

interface Standing {
  readonly sentBytes: number
  readonly state: AttachmentView['state']
}

const mostBeginnings = 3

const isRefusal = ({ code }: AppError): boolean =>
  code === 'cases/request-refused' || code === 'cases/request-invalid'

/**
 * Files of cases on their way to the council, one after the other: each goes on where the service says that it is, so
 * that neither a broken network nor a restart sends anything twice. A file that is refused does not hold up others.
 */
export class Attachments {
  readonly #parts: AttachmentsParts
  readonly #waiting = new Map<string, WaitingFile>()
  readonly #standing = new Map<string, Standing>()
  /** Sent in this session: shown until the case itself lists them. */
  readonly #sent = new Map<string, WaitingFile>()
  /** How often a file was begun again. */
  readonly #begun = new Map<string, number>()
  #isOpen = false
  #isRunning = false
  /** To look for the next file, once more if that was asked for while it was looked for. */
  #isAsked = false
  #failures = 0
  #stopRest: Cancel | null = null

  constructor(parts: AttachmentsParts) {
    this.#parts = parts
  }

  async open(): Promise<Result<null>> {
    const read = await this.#parts.files.open()
    if (!read.ok) return read
    for (const file of read.value) this.#waiting.set(file.id, file)
    this.#isOpen = true
    void this.#run()
    return ok(null)
  }

  close(): void {
    this.#isOpen = false
    this.#stopRest?.()
    this.#stopRest = null
  }

  /** Files that are not at the council yet, or only since this desk was opened. */
  ofCase(caseId: string): readonly AttachmentView[] {
    return [...this.#waiting.values(), ...this.#sent.values()]
      .filter((file) => file.caseId === caseId && !file.takenBack)
      .map((file) => this.#view(file))
  }

  async add(file: Omit<WaitingFile, 'uploadId' | 'refused'>, bytes: Uint8Array<ArrayBuffer>) {
    const waiting: WaitingFile = { ...file, uploadId: null, refused: null }
    const kept = await this.#parts.files.add(waiting, bytes)
    if (!kept.ok) return kept
    this.#waiting.set(file.id, waiting)
    this.#changed(waiting)
    void this.#run()
    return ok(this.#view(waiting))
  }

  /**
   * Takes a file back: of one that is under way the council keeps nothing, as soon as it can be told. Its last part may
   * have arrived although nobody heard of it.
   */
  async cancel(fileId: string): Promise<void> {
    const file = this.#waiting.get(fileId)
    if (!file || file.takenBack) return
    if (file.uploadId === null) {
      this.#waiting.delete(fileId)
      await this.#parts.files.remove(fileId)
      this.#changed(file)
      return
    }
    await this.#put({ ...file, takenBack: true })
    const ended = await this.#letGo(file, file.uploadId)
    if (!ended.ok && !this.#isRunning && !this.#stopRest) this.#rest(file, ended.error)
  }

  async #letGo(file: WaitingFile, uploadId: string): Promise<Result<null>> {
    const ended = await this.#parts.api.endUpload(uploadId)
    if (!ended.ok && !isRefusal(ended.error)) return ended
    await this.#parts.files.remove(file.id)
    this.#waiting.delete(file.id)
    this.#standing.delete(file.id)
    return ok(null)
  }

  async retry(fileId: string): Promise<void> {
    const file = this.#waiting.get(fileId)
    this.#begun.delete(fileId)
    if (file) await this.#put({ ...file, uploadId: null, refused: null })
    this.now()
  }

  /** Perhaps a case was sent that had to be there first. */
  look(): void {
    void this.#run()
  }

  /** The network came back, or somebody asked. */
  now(): void {
    this.#stopRest?.()
    this.#stopRest = null
    this.#failures = 0
    void this.#run()
  }

  async #run(): Promise<void> {
    this.#isAsked = true
    if (this.#isRunning || !this.#isOpen || this.#stopRest) return
    this.#isRunning = true
    try {
      while (this.#isAsked) {
        this.#isAsked = false
        const file = await this.#next()
        if (!file || !this.#isOpen) continue
        this.#isAsked = true
        const done = await this.#send(file)
        if (!this.#isOpen) return
        if (!done.ok) {
          this.#rest(file, done.error)
          return
        }
        this.#failures = 0
      }
    } finally {
      this.#isRunning = false
    }
  }

  /**
   * A case that the council does not have yet cannot be given files. One whose making was refused may be there all the
   * same: made by what was put in its place.
   */
  async #next(): Promise<WaitingFile | undefined> {
    const unsentCases = new Set(
      this.#parts
        .outbox()
        .flatMap(({ operation, state }) =>
          operation.kind === 'case.create' && state.name !== 'applied' ? [operation.caseId] : [],
        ),
    )
    for (const file of this.#waiting.values()) {
      if (file.takenBack) return file
      if (file.refused !== null) continue
      if (!unsentCases.has(file.caseId) || (await this.#parts.hasCase(file.caseId))) return file
    }
    return undefined
  }

  async #send(begun: WaitingFile): Promise<Result<null>> {
    const { api, files, log } = this.#parts
    if (begun.takenBack && begun.uploadId !== null) return this.#letGo(begun, begun.uploadId)
    const placed = begun.uploadId === null ? await this.#begin(begun) : ok(begun)
    if (!placed.ok) return placed
    const file = placed.value
    if (file?.uploadId == null) return ok(null)
    const reached = await api.uploadedBytes(file.uploadId)
    if (!reached.ok) return isRefusal(reached.error) ? this.#startOver(file, file.uploadId) : reached
    let sentBytes = reached.value
    while (sentBytes < file.sizeBytes) {
      if (!this.#isOpen || !this.#isWanted(file.id)) return ok(null)
      this.#stand(file, { sentBytes, state: { name: 'sending' } })
      const part = await files.part(file.id, Math.floor(sentBytes / filePartBytes))
      if (!part.ok) return part
      if (part.value === null) return this.#refuse(file, 'upload/lost-on-this-desk')
      const bytes = part.value.slice(sentBytes % filePartBytes)
      const sent = await api.uploadChunk(file.uploadId, sentBytes, bytes)
      if (!sent.ok && !isRefusal(sent.error)) return sent
      // Refused is also a part that an earlier request brought, long after it was given up here.
      const now = sent.ok ? sent : await api.uploadedBytes(file.uploadId)
      if (!now.ok && !isRefusal(now.error)) return now
      if (!now.ok || now.value === sentBytes) return this.#startOver(file, file.uploadId)
      sentBytes = now.value
    }
    if (!this.#isWanted(file.id)) return ok(null)
    log.info('cases/file-sent', { bytes: file.sizeBytes })
    await files.remove(file.id)
    this.#waiting.delete(file.id)
    this.#sent.set(file.id, file)
    this.#stand(file, { sentBytes, state: { name: 'sent' } })
    return ok(null)
  }

  /** Null when the council will not take it: that is kept with the file. */
  async #begin(file: WaitingFile): Promise<Result<WaitingFile | null>> {
    const { caseId, name, type, sizeBytes } = file
    const begun = await this.#parts.api.beginUpload({ caseId, name, type, sizeBytes })
    if (begun.ok) return ok(await this.#put({ ...file, uploadId: begun.value.uploadId }))
    if (!isRefusal(begun.error)) return begun
    await this.#refuse(file, begun.error.detail?.split(' ').at(-1) ?? begun.error.code)
    return ok(null)
  }

  async #refuse(file: WaitingFile, why: string): Promise<Result<null>> {
    this.#parts.log.info('cases/file-refused', { why })
    await this.#put({ ...file, refused: why })
    return ok(null)
  }

  /**
   * The council gave the upload up, as it does after a week. What it never takes is not offered for ever, and nothing
   * that still comes late may end what was begun before.
   */
  async #startOver(file: WaitingFile, uploadId: string): Promise<Result<null>> {
    const ended = await this.#parts.api.endUpload(uploadId)
    if (!ended.ok && !isRefusal(ended.error)) return ended
    const begun = (this.#begun.get(file.id) ?? 0) + 1
    this.#begun.set(file.id, begun)
    if (begun >= mostBeginnings) return this.#refuse(file, 'upload/not-taken')
    await this.#put({ ...file, uploadId: null })
    return ok(null)
  }

  #isWanted(fileId: string): boolean {
    const file = this.#waiting.get(fileId)
    return file !== undefined && !file.takenBack
  }

  /** What was taken back meanwhile stays so. */
  async #put(file: WaitingFile): Promise<WaitingFile> {
    if (!this.#isWanted(file.id)) return file
    this.#waiting.set(file.id, file)
    await this.#parts.files.put(file)
    this.#standing.delete(file.id)
    this.#changed(file)
    return file
  }

  #rest(file: WaitingFile, error: AppError): void {
    const { clock, random } = this.#parts
    const waitMs = backOffMs(this.#failures, random.next(), error.retryAfterMs)
    this.#failures += 1
    this.#stopRest = clock.after(waitMs, () => {
      this.#stopRest = null
      void this.#run()
    })
    const { sentBytes } = this.#view(file)
    this.#stand(file, { sentBytes, state: { name: 'waiting', reason: reasonOf(error) } })
  }

  #stand(file: WaitingFile, standing: Standing): void {
    this.#standing.set(file.id, standing)
    this.#changed(file)
  }

  #view(file: WaitingFile): AttachmentView {
    const { id, caseId, name, type, sizeBytes, addedAt } = file
    const noReason: Unreachable | null = null
    const standing = this.#standing.get(id) ?? {
      sentBytes: 0,
      state: { name: 'waiting' as const, reason: noReason },
    }
    const state = file.refused === null ? standing.state : { name: 'refused' as const, why: file.refused }
    return { id, caseId, name, type, sizeBytes, addedAt, sentBytes: standing.sentBytes, state }
  }

  #changed({ caseId }: WaitingFile): void {
    this.#parts.onChanged([caseId])
  }
}
