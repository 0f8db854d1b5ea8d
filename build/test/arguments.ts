import { err, ok, type Result } from '#shared/kernel/result.ts'
import type { Part } from './parts.ts'

export interface TestArguments {
  readonly parts: readonly Part[]
  /** For Vitest or Playwright. */
  readonly passedOn: readonly string[]
}

/** Reads `npm test -- unit contract -- -t "keeps an unsent note"`. Without names every part is meant. */
export function readTestArguments(
  args: readonly string[],
  all: readonly Part[],
): Result<TestArguments, string> {
  const end = args.indexOf('--')
  const names = end === -1 ? args : args.slice(0, end)
  const passedOn = end === -1 ? [] : args.slice(end + 1)
  const unknown = names.filter((name) => !all.some((part) => part.name === name))
  if (unknown.length > 0) {
    const known = all.map((part) => part.name).join(', ')
    return err(
      `No part is called "${unknown.join('", "')}". The parts: ${known}. Options follow a second "--".`,
    )
  }
  return ok({ parts: names.length === 0 ? all : all.filter((part) => names.includes(part.name)), passedOn })
}
