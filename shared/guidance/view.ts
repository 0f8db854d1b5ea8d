import type { AnswerRecord } from '../contract/draft.ts'
import type { CaseStatus, FieldValue, IdentityCheck, Party, Resident } from '../contract/rest.ts'
import type { Comparable, InputKind, Language } from './format.ts'
import type { Level } from './level.ts'
import type { NoteLine } from './notes.ts'

/*
 * What a script run looks like at one moment, resolved for one language: all the guidance panel needs, as plain
 * text. Nothing in here is HTML; show it as text.
 */

/** What the run may know besides its answers. Wording quotes it; routes never depend on it. */
export interface GuidanceContext {
  /** The resident's language. */
  readonly language: Language
  /** `YYYY-MM-DD` in the United Kingdom: what "today" and "Tuesday" mean when typed. */
  readonly today: string
  /** ISO 8601 with offset. */
  readonly now: string
  readonly council: {
    readonly name: string
    readonly website?: string
    readonly facts: Readonly<Record<string, { readonly text: string; readonly asAt: string }>>
  }
  readonly adviser: { readonly name: string }
  /** Whose record the adviser chose; an identity check holds for this resident only. */
  readonly resident: Resident | null
  readonly contact: { readonly queueName: string; readonly number?: string } | null
  /** Who speaks; the resident when not said. An identity check holds for this party only. */
  readonly speaker?: { readonly party: Party; readonly name: string }
  /** A check made before this run began. It counts until it runs out, or a check of this run takes its place. */
  readonly given?: { readonly residentId: string; readonly check: IdentityCheck } | null
  /** Identity attempts that failed in this contact, under whichever script, by whose record was compared. */
  readonly failedAttempts?: Readonly<Record<string, number>>
  /** ISO 8601. A check that held when the call ended holds for what is left to write. */
  readonly callEnded?: string | null
}

export interface ReadAloud {
  /** In `language`; the largest words on the screen. */
  readonly text: string
  /** `en` also when the resident speaks Welsh and the step has no Welsh. */
  readonly language: Language
  /** True: word for word. False: in the adviser's own words. */
  readonly verbatim: boolean
  /** The same in English, when `text` is not: for the adviser's eyes beside it. */
  readonly inEnglish: string | null
  /** The resident is answered in writing. */
  readonly written?: boolean
}

/** A council fact quoted by the step. `asAtWords`: "as at 9:10 this morning", "as at 3 November". */
export interface QuotedFact {
  readonly name: string
  readonly text: string
  readonly asAt: string
  readonly asAtWords: string
  /** Older than the script allows: what is read aloud says when it was true. */
  readonly stale: boolean
}

export interface OptionView {
  readonly value: string
  /** In English. */
  readonly label: string
  /** In Welsh, when the resident's language is Welsh. */
  readonly labelCy: string | null
  /** '1' to '9', then 'a' to 'c'. */
  readonly key: string
  /** 'y', 'n' and 's' for yes, no and not sure. */
  readonly letter: string | null
}

export type Mark = 'matched' | 'not-matched' | 'not-asked'

export interface VerifyQuestionView {
  readonly id: string
  readonly compares: Comparable
  /** Question to the resident, in the resident's language. */
  readonly question: string
  readonly inEnglish: string | null
  /** What the record says; null when no resident is chosen or the record does not hold it. */
  readonly recordSays: string | null
  /** True when the lowest level needs it. */
  readonly needed: boolean
}

export interface ContactCard {
  readonly id: string
  readonly name: string
  readonly phone: string | null
  readonly email: string | null
  readonly web: string | null
  readonly address: string | null
  readonly hours: string | null
  /** When the oldest fact on the card was confirmed; null when it quotes none. */
  readonly asAtWords: string | null
}

interface StepBase {
  readonly stepId: string
  /** Short name, in English. */
  readonly title: string
  readonly readAloud: ReadAloud | null
  /** For the adviser's eyes: why it is asked, what to look out for. */
  readonly why: string | null
  readonly facts: readonly QuotedFact[]
  /** The step opens personal data and nobody has been identified well enough: its words are withheld. */
  readonly withheld: boolean
  /** Level that what the step opens needs. */
  readonly needs: Level
}

/** Answer with `{ kind: 'continue' }`. */
export interface PlainStepView extends StepBase {
  readonly kind: 'say' | 'inform'
  readonly continueLabel: string
}

/** What is to be looked at before going on. Answer with `{ kind: 'continue' }`. */
export interface LookupStepView extends StepBase {
  readonly kind: 'lookup'
  readonly shows: 'open-cases' | 'recent-contacts' | 'promises' | 'elsewhere'
  readonly continueLabel: string
}

/** Ways to hand the payment over. Recording is paused while the step is open. Answer with `{ kind: 'continue' }`. */
export interface PayStepView extends StepBase {
  readonly kind: 'pay'
  readonly by: readonly ('payment-line' | 'pay-by-link' | 'bank-transfer')[]
  readonly continueLabel: string
}

/** `to` are directory entries, first choice first. Answer with `{ kind: 'continue' }`. */
export interface HandOverStepView extends StepBase {
  readonly kind: 'transfer' | 'escalate'
  readonly to: readonly string[]
  /** Null for a transfer. */
  readonly urgency: 'now' | 'today' | 'soon' | null
  readonly continueLabel: string
}

/** Answer with `{ kind: 'continue' }`. */
export interface SignpostStepView extends StepBase {
  readonly kind: 'signpost'
  readonly contacts: readonly ContactCard[]
  /** Codes of taxonomy terms: services of the council's directory under them are shown too. */
  readonly find: readonly string[]
  readonly continueLabel: string
}

/**
 * Answer with `{ kind: 'value', value }`, where value is an option's `value` or what was typed, a list of option
 * values for `several`; with `{ kind: 'skip' }` when `optional`.
 */
export interface AskStepView extends StepBase {
  readonly kind: 'ask'
  readonly input: InputKind
  /** choice, several and yesNo; empty otherwise. */
  readonly options: readonly OptionView[]
  readonly optional: boolean
  readonly sensitive: boolean
  /** Answer given before the step was opened again, as it would be typed or the option value(s) chosen. */
  readonly previous: string | readonly string[] | null
  /** Hint of the form, such as "today, Tuesday or 3 Nov"; null for options and free text. */
  readonly formHint: string | null
  readonly maxLength: number | null
  readonly continueLabel: string
}

/**
 * Answer with `{ kind: 'identity', marks }`, a mark for each question by id, or `{ kind: 'declined' }` when the
 * resident would rather not or nobody on record fits. `recordSays` is only for comparing: never read it out.
 */
export interface VerifyStepView extends StepBase {
  readonly kind: 'verify'
  readonly questions: readonly VerifyQuestionView[]
  /** A resident must be chosen before marks are accepted. */
  readonly residentChosen: boolean
  readonly attemptsLeft: number
  /** Who is asked; an interpreter is asked what the resident is. */
  readonly party: Party
  /** Highest level the party can reach; `none` when nothing of the record may be opened to them. */
  readonly reachable: Level
  /** A check held before and ran out. */
  readonly ranOut: boolean
  /** The last attempt failed: say `guidanceErrorWords['guidance/identity-not-matched']`, never which answer. */
  readonly notMatched: boolean
  readonly continueLabel: string
  readonly declineLabel: string
}

/** Answer with `{ kind: 'continue' }`: the run is finished after it. `readAloud` are the closing words. */
export interface OutcomeStepView extends StepBase {
  readonly kind: 'outcome'
  readonly disposition: string
  readonly wantsCase: boolean
  readonly promises: readonly string[]
  readonly continueLabel: string
}

export type StepView =
  | PlainStepView
  | LookupStepView
  | PayStepView
  | HandOverStepView
  | SignpostStepView
  | AskStepView
  | VerifyStepView
  | OutcomeStepView

/** What an adviser does with the current step. */
export type StepInput =
  | { readonly kind: 'continue' }
  | { readonly kind: 'value'; readonly value: string | readonly string[] }
  | { readonly kind: 'skip' }
  | { readonly kind: 'identity'; readonly marks: Readonly<Record<string, Mark>> }
  | { readonly kind: 'declined' }

export interface AnsweredStep {
  readonly stepId: string
  readonly title: string
  /** In words and in English: "Recycling", "Tuesday 3 November 2026", "Read out"; "Hidden" when sensitive. */
  readonly value: string
  readonly sensitive: boolean
  /** The answer was worked out, not asked. */
  readonly derived: boolean
  readonly at: string
  /** Only asking and identity steps are worth opening again; steps that were read out may be left out of a list. */
  readonly kind: StepView['kind']
}

export interface CaseDraft {
  readonly subject: string
  /** Codes, numbers, ISO dates, E.164: what is stored. */
  readonly fields: Readonly<Record<string, FieldValue>>
  readonly fieldLabels: Readonly<Record<string, string>>
  /** The same values in words, for the screen. Sensitive ones are "Hidden". */
  readonly fieldWords: Readonly<Record<string, string>>
  readonly status: CaseStatus
}

export interface RunOutcome {
  readonly stepId: string
  /** In English: "Return visit booked". */
  readonly title: string
  /** Suggested wrap-up code. */
  readonly disposition: string
  readonly wantsCase: boolean
  /** In English, for the timeline. */
  readonly promises: readonly string[]
}

export interface RunView {
  /** Null when the run is finished. */
  readonly current: StepView | null
  readonly finished: boolean
  readonly answered: readonly AnsweredStep[]
  /** `step` of about `about`; both count the current step. */
  readonly progress: { readonly step: number; readonly about: number }
  /**
   * Null while no check has been made for the resident in the context; level `none` after a failed or declined one. It
   * may have run out: levelNow says what it still counts for.
   */
  readonly identity: IdentityCheck | null
  /** Of the contact so far, this run's included. */
  readonly failedAttempts: Readonly<Record<string, number>>
  readonly caseDraft: CaseDraft
  /** From the moment the outcome step is reached. */
  readonly outcome: RunOutcome | null
  /** Plain English, one line a fact; sensitive answers are left out. */
  readonly notes: string
  /** The same by line, for changing one of them. */
  readonly noteLines: readonly NoteLine[]
  /** Answers that the way now taken no longer uses, newest of each step. */
  readonly dropped: readonly AnswerRecord[]
  /** The same in words. */
  readonly droppedSteps: readonly AnsweredStep[]
  /** When the current step was reached: ISO 8601. */
  readonly since: string
  /** The step that one key leads to from every other; `left` when that key led there, and Back returns. */
  readonly escalation: { readonly title: string; readonly reached: boolean; readonly left: boolean }
  /** Placeholders shown as "[not known]" in the current step, such as `council.binOutBy`. */
  readonly missingFacts: readonly string[]
}
