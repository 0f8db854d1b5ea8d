import type { RunView, StepInput } from '#shared/guidance/view.ts'
import type { ScriptStandingProps } from './script-standing.tsx'
import type { QuickMode, StepReporting, StepSupport } from './step-support.ts'

export interface GuidancePanelProps {
  readonly title: string
  readonly view: RunView
  /** Half-typed words by field name, kept by whoever keeps the draft. */
  readonly typed: Readonly<Record<string, string>>
  /** What is wrong with the last answer, in words. */
  readonly error: string | null
  readonly onType: (name: string, text: string) => void
  readonly onInput: (stepId: string, input: StepInput) => void
  readonly onBack: () => void
  readonly onReopen: (stepId: string) => void
  /** Language of the words to read out. */
  readonly language: 'en' | 'cy'
  readonly onLanguage: (language: 'en' | 'cy') => void
  /** Puts the language of the call into the resident's record; null when it is there, or nobody is known well enough. */
  readonly onKeepLanguage?: (() => void) | null
  /** False marks the Welsh wording as not yet read by a Welsh speaker. */
  readonly welshReviewed?: boolean
  readonly standing?: ScriptStandingProps
  /** Calls through a relay or an interpreter, and in Welsh, take their time: none is shown. */
  readonly noTimePressure?: boolean
  /** False when nobody is on the telephone, or never was. */
  readonly onCall?: boolean
  readonly onEscalate?: () => void
  readonly quick?: QuickMode
  readonly reporting?: StepReporting
  readonly support?: StepSupport
}
