/** One thing wrong with a script, in words for its editor. */
export interface Finding {
  /** Step it is about; null for the document. */
  readonly stepId: string | null
  readonly problem: string
  readonly fix: string
}

export const finding = (stepId: string | null, problem: string, fix: string): Finding => ({
  stepId,
  problem,
  fix,
})
