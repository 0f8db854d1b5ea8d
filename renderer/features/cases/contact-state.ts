import type { StoreApi } from 'zustand/vanilla'
import type { Draft } from '#shared/contract/draft.ts'
import type { Line } from '#shared/contract/phone.ts'
import type {
  Candidate,
  CaseWithTimeline,
  RecordsApi,
  ResidentView,
  WithdrawnScript,
} from '#shared/contract/records.ts'
import type { Me, TimelineEntry } from '#shared/contract/rest.ts'
import type { ScriptDocument } from '#shared/guidance/format.ts'
import type { PageInputs, QuickPage } from '#shared/guidance/quick-page.ts'
import type { RunView, StepInput } from '#shared/guidance/view.ts'
import type { AppError } from '#shared/kernel/app-error.ts'
import type { Random } from '#shared/kernel/random.ts'

/** The records worker as this feature needs it. */
export type Records = Pick<
  RecordsApi,
  | 'candidatesForNumber'
  | 'findResidents'
  | 'residentView'
  | 'caseView'
  | 'contactTimeline'
  | 'script'
  | 'save'
  | 'putDraft'
  | 'draft'
  | 'drafts'
  | 'deleteDraft'
  | 'handOver'
  | 'syncNow'
>

export interface ContactPorts {
  readonly records: Records
  readonly random: Random
  now(): number
  /** The backend's word on the adviser, queues and council; null before the first. */
  me(): Me | null
  /** Gives the window a turn between two long pieces of work; without it they follow each other at once. */
  breathe?(): Promise<void>
}

export type SaveState =
  | { readonly name: 'idle' }
  | { readonly name: 'saving' }
  | { readonly name: 'failed'; readonly error: AppError }

/** What the adviser said of a step to the script's owner. */
export interface StepReport {
  readonly stepId: string
  readonly reportId: string
  readonly owner: string
  /** Why it could not be kept; the words are still in the box. */
  readonly error: AppError | null
}

export interface ContactState {
  /** The contact in hand; null between contacts. */
  readonly draft: Draft | null
  /** Caller's number in E.164 as the switchboard gave it. */
  readonly number: string | null
  readonly withheld: boolean
  readonly candidates: readonly Candidate[]
  readonly resident: ResidentView | null
  readonly script: ScriptDocument | null
  readonly scriptError: AppError | null
  readonly view: RunView | null
  readonly stepError: AppError | null
  /** The questions that can be answered together now. */
  readonly page: QuickPage | null
  /** What is wrong with answers to the page, by step id. */
  readonly pageErrors: Readonly<Record<string, AppError>>
  /** The script's version was taken back while the contact is on it. */
  readonly withdrawn: WithdrawnScript | null
  /** A newer version that was taken back, so that the contact is on this one. */
  readonly insteadOf: WithdrawnScript | null
  /** The last report on a step of this contact. */
  readonly stepReport: StepReport | null
  readonly knownCase: CaseWithTimeline | null
  /** What was written during this contact. */
  readonly timeline: readonly TimelineEntry[]
  readonly saveState: SaveState
  /** The work differs from what was last saved. */
  readonly unsaved: boolean
  /** Contacts left unfinished earlier, newest first. */
  readonly unfinished: readonly Draft[]

  followLines(lines: readonly Line[]): void
  /** Takes another open contact in hand; a call that is talked on stays as it is. */
  resume(contactId: string): Promise<void>
  setAside(): void
  /**
   * Goes on with another script; what was answered so far is kept with its own and comes back with it. `which-case`:
   * a case was begun, and the adviser has to say whether the other script goes on with it.
   */
  chooseScript(scriptId: string, whichCase?: 'same' | 'new'): Promise<'chosen' | 'which-case' | 'failed'>
  /** Begins a contact without a call, and takes it in hand. Answers the contact's id. */
  beginContact(channel: Draft['channel'], scriptId: string | null): Promise<string>
  /** Keeps with the contact how far its record of a risk to life has come. */
  noteRisk(fields: Partial<NonNullable<Draft['risk']>>): void
  chooseResident(residentId: string | null): Promise<void>
  type(name: string, text: string): void
  answer(stepId: string, input: StepInput): void
  /** Answers all questions of the page, or none when one of the answers cannot be read. */
  answerPage(inputs: PageInputs): void
  back(): void
  /** Leaves for the script's escalation; `back` returns. */
  escalate(): void
  reopen(stepId: string): void
  /** Shows the step as it is now: facts grow old and checks run out while it is open. */
  lookAgain(): void
  /** "This step is wrong or unclear", to the script's owner. Answers whether it was kept for sending. */
  reportStep(stepId: string, comment: string): Promise<boolean>
  /** Puts a line of the account into the adviser's own words. */
  editLine(key: string, text: string): void
  /** Takes what the script writes on that line again. */
  restoreLine(key: string): void
  setDisposition(code: string): void
  /** The language the call is held in, whatever the record says. */
  setLanguage(language: 'en' | 'cy'): void
  /** Puts the language of this call into the resident's record, for the next. False when it could not be saved. */
  keepLanguage(): Promise<boolean>
  /** Who speaks: an identity check holds for them alone. */
  setSpeaker(speaker: Draft['speaker']): void
  /** What the call is helped along by. */
  setAssistance(assistance: Draft['assistance']): void
  /** Opens the identity check of the script again, as when another person has the telephone. */
  checkAgain(): void
  /** Saves what goes along when the call is passed on, and sends it. False when it could not be saved. */
  handOver(reason: string): Promise<boolean>
  save(): Promise<boolean>
  addNote(): Promise<boolean>
  /** Saves all and closes the contact; false when something is missing or could not be saved. */
  finish(): Promise<boolean>
  /** After the council's records, or its word on the adviser, changed. */
  refresh(): Promise<void>
}

export type ContactStore = StoreApi<ContactState>

export const nothingInHand = {
  draft: null,
  number: null,
  withheld: false,
  candidates: [],
  resident: null,
  script: null,
  scriptError: null,
  view: null,
  stepError: null,
  page: null,
  pageErrors: {},
  withdrawn: null,
  insteadOf: null,
  stepReport: null,
  knownCase: null,
  timeline: [],
  saveState: { name: 'idle' },
  unsaved: false,
} as const satisfies Partial<ContactState>
