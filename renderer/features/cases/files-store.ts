import { createStore, type StoreApi } from 'zustand/vanilla'
import type { AttachmentView, RecordsApi } from '#shared/contract/records.ts'
import type { AppError } from '#shared/kernel/app-error.ts'
import type { Result } from '#shared/kernel/result.ts'

export interface FilesPorts {
  readonly records: Pick<
    RecordsApi,
    'addAttachment' | 'attachments' | 'cancelAttachment' | 'retryAttachment' | 'attachmentFile'
  >
  /** Writes a file that the adviser can open; answers where it lies. */
  saveFile(
    name: string,
    bytes: ArrayBuffer,
  ): Promise<Result<{ readonly folder: string; readonly file: string }>>
}

/** A file as the browser hands it over. */
export type ChosenFile = Pick<File, 'name' | 'type' | 'size' | 'arrayBuffer'>

export interface FilesState {
  readonly caseId: string | null
  /** Files of the case that are not at the council yet, or only since the records were opened. */
  readonly kept: readonly AttachmentView[]
  /** Names of files that were not taken here, and why. */
  readonly notTaken: readonly { readonly name: string; readonly why: string }[]
  readonly error: AppError | null
  readonly savedTo: string | null

  follow(caseId: string | null): void
  refresh(): Promise<void>
  add(files: readonly ChosenFile[]): Promise<void>
  cancel(id: string): Promise<void>
  retry(id: string): Promise<void>
  /** Fetches a file that the council has and writes it where the adviser can open it. */
  save(id: string): Promise<void>
}

export type FilesStore = StoreApi<FilesState>

const largestBytes = 25 * 1024 * 1024
const types: ReadonlySet<string> = new Set([
  'application/pdf',
  'image/jpeg',
  'image/png',
  'image/webp',
  'image/heic',
  'text/plain',
])

/** Why a file cannot be kept, told before it is read; null when it can. */
export function whyNot({ type, size }: Pick<ChosenFile, 'type' | 'size'>): string | null {
  if (!types.has(type)) return 'upload/type-refused'
  if (size === 0) return 'upload/empty'
  return size > largestBytes ? 'upload/too-large' : null
}

/** The files of the case in hand: kept here at once, sent by the worker when it can. */
export function createFilesStore({ records, saveFile }: FilesPorts): FilesStore {
  return createStore<FilesState>()((set, get) => ({
    caseId: null,
    kept: [],
    notTaken: [],
    error: null,
    savedTo: null,

    follow(caseId) {
      if (caseId === get().caseId) return
      set({ caseId, kept: [], notTaken: [], error: null, savedTo: null })
      void get().refresh()
    },

    async refresh() {
      const { caseId } = get()
      if (caseId === null) return
      const kept = await records.attachments(caseId)
      if (get().caseId === caseId) set({ kept })
    },

    async add(files) {
      const { caseId } = get()
      if (caseId === null) return
      const notTaken = files.flatMap((file) => {
        const why = whyNot(file)
        return why === null ? [] : [{ name: file.name, why }]
      })
      set({ notTaken, error: null, savedTo: null })
      for (const file of files.filter((each) => whyNot(each) === null)) {
        const bytes = await file.arrayBuffer()
        const answer = await records.addAttachment(caseId, { name: file.name, type: file.type, bytes })
        if (!answer.ok) set({ error: answer.error })
      }
      await get().refresh()
    },

    async cancel(id) {
      await records.cancelAttachment(id)
      await get().refresh()
    },

    async retry(id) {
      await records.retryAttachment(id)
      await get().refresh()
    },

    async save(id) {
      set({ error: null, savedTo: null })
      const fetched = await records.attachmentFile(id)
      if (!fetched.ok) {
        set({ error: fetched.error })
        return
      }
      const written = await saveFile(fetched.value.name, fetched.value.bytes)
      if (written.ok) set({ savedTo: `${written.value.folder}/${written.value.file}` })
      else set({ error: written.error })
    },
  }))
}
