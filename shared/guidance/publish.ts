import type { z } from 'zod'
import { type AppError, appError } from '../kernel/app-error.ts'
import { err, ok, type Result } from '../kernel/result.ts'
import { expiredRows } from './check-rows.ts'
import { checkUnits } from './check-units.ts'
import { checkScript } from './checks.ts'
import { type Finding, finding } from './finding.ts'
import { flatten } from './flatten.ts'
import { type PartSource, partSource, type ScriptDocument, scriptSource } from './format.ts'
import { migrateScript } from './migrate.ts'
import { playCalls } from './test-calls.ts'

/** `code` is `guidance/not-publishable`; `detail` counts the findings. */
export interface PublishError extends AppError {
  readonly findings: readonly Finding[]
}

export interface PublishChecks {
  /** `YYYY-MM-DD`: rows of decision tables that have ended by then, and a review that is overdue, are refused too. */
  readonly today?: string
}

/**
 * Turns a script and the parts it may include (each one YAML document parsed to JSON) into the one immutable JSON
 * document that is published. Refused with every finding when the shape, a proof or a test call fails.
 */
export function publishable(
  script: unknown,
  parts: readonly unknown[],
  { today }: PublishChecks = {},
): Result<ScriptDocument, PublishError> {
  const source = scriptSource.safeParse(migrateScript(script))
  if (!source.success) return refused(shapeFindings('script', source.error))
  const read = parts.map((part) => partSource.safeParse(migrateScript(part)))
  const broken = read.flatMap((part) => (part.success ? [] : shapeFindings('part', part.error)))
  if (broken.length > 0) return refused(broken)
  const flat = flatten(
    source.data,
    read.flatMap((part): PartSource[] => (part.success ? [part.data] : [])),
  )
  if (!flat.ok) return refused(flat.findings)
  const found = [
    ...checkScript(flat.document),
    ...(today === undefined ? [] : outOfDate(flat.document, today)),
  ]
  if (found.length > 0) return refused(found)
  const units = checkUnits(source.data)
  if (units.length > 0) return refused(units)
  const failed = playCalls(flat.document, source.data).flatMap(({ findings }) => findings)
  return failed.length > 0 ? refused(failed) : ok(flat.document)
}

function outOfDate(script: ScriptDocument, today: string): readonly Finding[] {
  const overdue =
    script.reviewBy < today
      ? [
          finding(
            null,
            `The script had to be read again by ${script.reviewBy}.`,
            'Read it with its owner, then set reviewBy to a later day.',
            ['reviewBy'],
          ),
        ]
      : []
  return [...overdue, ...expiredRows(script, today)]
}

function refused(findings: readonly Finding[]): Result<never, PublishError> {
  const count = findings.length
  return err({ ...appError('guidance/not-publishable', 'never', `${count} findings`), findings })
}

function shapeFindings(what: string, error: z.ZodError): readonly Finding[] {
  return error.issues.map(({ path, message }) => {
    const step =
      path[0] === 'steps' || path[0] === 'wording'
        ? path.find((key, at) => at > 0 && key !== 'en' && key !== 'cy')
        : undefined
    const place = path.length === 0 ? `the ${what}` : path.join(', ')
    return finding(
      step === undefined ? null : String(step),
      `At ${place}: ${message}.`,
      'Compare it with a script that works, such as missed-bin.yaml.',
      path.map((key) => (typeof key === 'number' ? key : String(key))),
    )
  })
}
