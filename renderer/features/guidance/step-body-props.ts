import type { StepInput, StepView } from '#shared/guidance/view.ts'
import type { StepSupport } from './step-support.ts'

export interface StepBodyProps {
  readonly step: StepView
  readonly typed: Readonly<Record<string, string>>
  readonly error: string | null
  readonly support: StepSupport
  readonly onType: (name: string, text: string) => void
  readonly onInput: (input: StepInput) => void
}
