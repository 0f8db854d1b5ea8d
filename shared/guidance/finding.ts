/** One thing wrong with a script, in words for its editor. */
export interface Finding {
  /** Step it is about; null for the document. */
  readonly stepId: string | null
  readonly problem: string
  readonly fix: string
  /** Names and places that lead to it in the file, from the top, as far as they are known. */
  readonly path?: readonly (string | number)[]
}

export const finding = (
  stepId: string | null,
  problem: string,
  fix: string,
  path?: readonly (string | number)[],
): Finding => ({ stepId, problem, fix, ...(path === undefined ? {} : { path }) })

/** The same finding, at a place in the file. */
export const findingAt =
  (...path: readonly (string | number)[]) =>
  (found: Finding): Finding => ({ ...found, path })

export const withArticle = (noun: string): string => `${/^[aeiou]/.test(noun) ? 'an' : 'a'} ${noun}`
