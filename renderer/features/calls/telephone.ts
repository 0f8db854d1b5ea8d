import { createStore, type StoreApi } from 'zustand/vanilla'
import type { CallReport } from '#shared/contract/call-report.ts'
import type { DialTarget, PhoneCommand } from '#shared/contract/phone.ts'
import type { RecordsApi } from '#shared/contract/records.ts'
import type { Callback, CallHistoryEntry, Directory, Operation } from '#shared/contract/rest.ts'
import type { AppError } from '#shared/kernel/app-error.ts'
import type { Random } from '#shared/kernel/random.ts'
import type { Result } from '#shared/kernel/result.ts'

/** A wish to let the far end of a call talk with somebody else. */
export type PassOnCommand = Extract<PhoneCommand, { name: 'transfer' | 'completeTransfer' }>

/** What the adviser has opened over the desk. One at a time. */
export type Panel =
  /** `text` is already in the box. */
  | { readonly name: 'dial'; readonly text?: string }
  | { readonly name: 'keypad'; readonly lineId: string }
  | { readonly name: 'calls'; readonly tab: CallsTab }
  | { readonly name: 'promise'; readonly about: PromiseAbout }
  | { readonly name: 'report'; readonly contactId: string }
  | { readonly name: 'keys' }
  /** The menu of my state. */
  | { readonly name: 'state' }
  | { readonly name: 'pass-on'; readonly command: PassOnCommand; readonly to: string }

export type CallsTab = 'recent' | 'promised' | 'voicemail'

/** What a promised call is about, as far as the contact in hand knows. */
export interface PromiseAbout {
  readonly number: string | null
  readonly name: string
  readonly residentId: string | null
  readonly caseId: string | null
  readonly contactId: string | null
  readonly queueId: string | null
}

export interface TelephonePorts {
  readonly records: Pick<RecordsApi, 'directory' | 'callHistory' | 'callbacksDue' | 'save'>
  readonly random: Random
  now(): number
  /** Flight records of this shift's calls, newest first. */
  reports(): Promise<readonly CallReport[]>
  adviserId(): string | null
  /** Begins a contact for a promised call, so that its words are at hand, and answers the contact's id. */
  beginCallback(callback: Callback): Promise<string>
  /** What goes along with calls that are passed on; without it they go at once. */
  readonly handOver?: {
    /** The contact in hand, which alone is handed over. */
    contactId(): string | null
    save(reason: string): Promise<boolean>
  }
}

export interface TelephoneState {
  readonly panel: Panel | null
  /** A `tel:` or `sip:` link asks to be called. */
  readonly asked: DialTarget | null
  readonly directory: Directory | null
  readonly directoryError: AppError | null
  readonly history: { readonly calls: readonly CallHistoryEntry[]; readonly asAt: number } | null
  readonly historyError: AppError | null
  readonly promised: readonly Callback[]
  readonly reports: readonly CallReport[]
  readonly saveError: AppError | null

  open(panel: Panel): void
  close(): void
  ask(target: DialTarget | null): void
  readDirectory(): Promise<void>
  /** Reads again what the open panel shows, and the promised calls. */
  refresh(): Promise<void>
  /** Whether a hand-over is saved before the call of this contact is passed on. */
  handsOver(contactId: string): boolean
  saveHandOver(reason: string): Promise<boolean>
  savePromise(fields: PromiseToSave): Promise<boolean>
  closePromise(
    callback: Callback,
    how: { name: 'done' } | { name: 'given-up'; why: string },
  ): Promise<boolean>
  /** The contact that the promised call goes on in. */
  contactFor(callback: Callback): Promise<string>
}

export type PromiseToSave = Pick<
  Callback,
  'number' | 'name' | 'reason' | 'residentId' | 'caseId' | 'contactId' | 'queueId' | 'dueFrom' | 'dueBy'
> & { readonly mine: boolean }

export type TelephoneStore = StoreApi<TelephoneState>

const longestReason = 1_000

/** What the adviser looks up and writes about calls: directory, earlier calls, promised calls, flight records. */
export function createTelephoneStore(ports: TelephonePorts): TelephoneStore {
  const { records, random } = ports
  const iso = () => new Date(ports.now()).toISOString()

  return createStore<TelephoneState>()((set, get) => {
    const readDirectory = async () => {
      const answer = await records.directory()
      set(answer.ok ? { directory: answer.value, directoryError: null } : { directoryError: answer.error })
    }
    const readHistory = async () => {
      const answer = await records.callHistory()
      set(
        answer.ok
          ? { history: { calls: answer.value.calls, asAt: answer.value.asAt }, historyError: null }
          : { historyError: answer.error },
      )
    }
    const readPromised = async () => set({ promised: await records.callbacksDue() })
    const save = async (fields: CallbackFields, callbackId: string): Promise<boolean> => {
      const operation: Operation = {
        kind: 'callback.save',
        id: random.uuid(),
        at: iso(),
        callbackId,
        fields,
      }
      const saved: Result<unknown> = await records.save([operation])
      set({ saveError: saved.ok ? null : saved.error })
      if (saved.ok) await readPromised()
      return saved.ok
    }

    return {
      panel: null,
      asked: null,
      directory: null,
      directoryError: null,
      history: null,
      historyError: null,
      promised: [],
      reports: [],
      saveError: null,

      open(panel) {
        set({ panel, saveError: null })
        void get().refresh()
      },
      close: () => set({ panel: null }),
      ask: (asked) => set({ asked }),
      readDirectory,

      async refresh() {
        const panel = get().panel
        await Promise.all([
          readPromised(),
          panel?.name === 'dial' || panel?.name === 'calls' ? readDirectory() : null,
          panel?.name === 'calls' ? readHistory() : null,
          panel?.name === 'report' ? ports.reports().then((reports) => set({ reports })) : null,
        ])
      },

      savePromise: ({ mine, ...fields }) =>
        save(
          { ...fields, assignedTo: mine ? ports.adviserId() : null, status: 'due', closedAt: null },
          random.uuid(),
        ),

      closePromise: (callback, how) =>
        save(
          how.name === 'done'
            ? { status: 'done', closedAt: iso() }
            : {
                status: 'given-up',
                closedAt: iso(),
                reason: `${callback.reason}\nGiven up: ${how.why}`.slice(0, longestReason),
              },
          callback.id,
        ),

      contactFor: (callback) => ports.beginCallback(callback),

      handsOver: (contactId) => ports.handOver?.contactId() === contactId,

      saveHandOver: async (reason) => (await ports.handOver?.save(reason)) ?? true,
    }
  })
}

type CallbackFields = Extract<Operation, { kind: 'callback.save' }>['fields']
