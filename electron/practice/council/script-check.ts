import { z } from 'zod'
import type { ScriptFinding } from '#shared/contract/script-lifecycle.ts'
import type { ScriptDocument } from '#shared/guidance/format.ts'
import { publishable } from '#shared/guidance/publish.ts'
import { type PlacedFinding, readScriptFile } from '#shared/guidance/script-file.ts'
import { contentsOf, type ScriptText } from './script-library.ts'

export interface CheckedText {
  readonly id: string | null
  readonly version: number | null
  readonly findings: readonly ScriptFinding[]
  /** What would be published; null when anything stands in the way. */
  readonly script: ScriptDocument | null
  /** What the text says, as far as it can be read. */
  readonly content: unknown
}

const named = z.looseObject({ id: z.string(), version: z.number().int().positive() })

/** Reads a script's text and proves it against the parts. Versions up to `highest` are taken. */
export function checkText(text: string, parts: readonly ScriptText[], highest: number): CheckedText {
  const read = readScriptFile(text)
  const { id = null, version = null } = named.partial().safeParse(read.content).data ?? {}
  const refused = (findings: readonly PlacedFinding[]): CheckedText => ({
    id,
    version,
    findings: findings.map(({ line, stepId, problem, fix }) => ({ line, step: stepId, problem, fix })),
    script: null,
    content: read.content,
  })
  if (read.findings.length > 0) return refused(read.findings)
  const proved = publishable(read.content, contentsOf(parts))
  const found = proved.ok
    ? []
    : proved.error.findings.map((each) => ({ ...each, line: read.lineOf(each.stepId, each.path) }))
  const taken = version !== null && version <= highest ? [takenFinding(text, version, highest)] : []
  const findings = [...taken, ...found]
  if (findings.length > 0 || !proved.ok) return refused(findings)
  return { id, version, findings: [], script: proved.value, content: read.content }
}

function takenFinding(text: string, version: number, highest: number): PlacedFinding {
  const at = text.split('\n').findIndex((line) => line.startsWith('version:'))
  return {
    line: Math.max(0, at) + 1,
    stepId: null,
    problem: `Version ${version} cannot be published any more: version ${highest} was.`,
    fix: `Write version: ${highest + 1}`,
  }
}
