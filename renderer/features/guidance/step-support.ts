import type { QuickPage } from '#shared/guidance/quick-page.ts'
import type { SignpostCard } from '#shared/guidance/signposts.ts'
import type { StepInput } from '#shared/guidance/view.ts'

/*
 * What the rest of the desk knows and steps of some kinds show, and what it does for them. The panel itself knows no
 * telephone and no records: where a part is missing, such as in an editor's preview, the step says so.
 */

export type Tone = 'good' | 'attention' | 'danger' | 'soft'

export interface StepSupport {
  /** The resident's own records; null while nobody has been identified well enough. */
  readonly lookup: LookupRecords | null
  readonly payment: PaymentState
  readonly handOver: HandOver
  /** Services of the council's directory under the terms that the step names. */
  readonly elsewhere: Elsewhere
  /** Asks whether to call the number, as it is written. */
  onDial(number: string): void
  onCopy(text: string): void
}

export interface Elsewhere {
  readonly services: readonly SignpostCard[]
  /** "as at 10:04"; null when this desk has no directory. */
  readonly asAtWords: string | null
  /** What became of the last note, in words; empty before one. */
  readonly said: string
  /** Notes that the resident was told of it. */
  onTold(card: SignpostCard): void
}

export interface LookupRecords {
  readonly openCases: readonly LookupItem[]
  readonly contacts: readonly LookupItem[]
  readonly promises: readonly LookupItem[]
  /** "as at 10:04" */
  readonly asAtWords: string | null
}

export interface LookupItem {
  readonly id: string
  readonly title: string
  readonly detail: string
}

/** What the recorder does, as the backend confirmed it. */
export interface PaymentState {
  /** `safe`: paused and confirmed, or nothing records. `waiting`: not known yet. `unsafe`: it records. */
  readonly name: 'safe' | 'waiting' | 'unsafe'
  readonly title: string
  readonly whatToDo: string
  /** Asks the recorder once more; null where that is no use. */
  readonly onTryAgain: (() => void) | null
}

export interface HandOver {
  /** The directory is not here yet: nobody can be said to be missing from it. */
  readonly reading: boolean
  /** Those the step names, in its order. */
  readonly entries: readonly HandOverEntry[]
  /** How far passing the call on has come; null before it. */
  readonly progress: { readonly tone: Tone; readonly text: string; readonly underWay: boolean } | null
  /** What the keys A and P do now; null when that cannot be done. */
  readonly askWords: string | null
  readonly passOnWords: string | null
  onAsk(entryId: string): void
  onPassOn(entryId: string): void
}

export interface HandOverEntry {
  readonly id: string
  /** Null when the directory does not have it. */
  readonly name: string | null
  readonly detail: string
  readonly presence: { readonly tone: Tone; readonly text: string } | null
}

/** Several questions at once, for advisers who know the script. */
export interface QuickMode {
  readonly on: boolean
  readonly page: QuickPage | null
  /** What is wrong with an answer, in words, by step id. */
  readonly errors: Readonly<Record<string, string>>
  onToggle(on: boolean): void
  onPage(inputs: Readonly<Record<string, StepInput>>): void
}

/** "This step is wrong or unclear", for the script's owner. */
export interface StepReporting {
  readonly owner: string
  /** What became of the last report, in words, and on which step it was. */
  readonly last: { readonly stepId: string; readonly text: string; readonly failed: boolean } | null
  /** Answers whether it was kept for sending. */
  onSend(stepId: string, comment: string): Promise<boolean>
}

const unlinked: PaymentState = {
  name: 'safe',
  title: 'No call is up, so nothing is recorded.',
  whatToDo: '',
  onTryAgain: null,
}

/** Without telephone and records around it. */
export const noSupport: StepSupport = {
  lookup: null,
  payment: unlinked,
  handOver: {
    reading: false,
    entries: [],
    progress: null,
    askWords: null,
    passOnWords: null,
    onAsk: () => {},
    onPassOn: () => {},
  },
  elsewhere: { services: [], asAtWords: null, said: '', onTold: () => {} },
  onDial: () => {},
  onCopy: () => {},
}
